from matchmaking.demo.loading import load

__all__ = ["load"]
