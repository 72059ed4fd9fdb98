"""A network link that forwards bytes with a delay, in both directions."""

import asyncio
import contextlib
import threading

from deploy.servers.processes import free_port


class SlowLink:
    """A context manager that forwards a port to another port of this machine with a delay.

    It listens at ``port``; ``delay`` is in seconds.
    """

    def __init__(self, target, delay=0.0):
        self.port = free_port()
        self.target = target
        self.delay = delay
        self.carried = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._listening = threading.Event()

    def __enter__(self):
        self._thread.start()
        if not self._listening.wait(10):
            raise TimeoutError
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def _run(self):
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self):
        self._end = asyncio.Event()
        self._links = set()
        server = await asyncio.start_server(self._link, "127.0.0.1", self.port)
        self._listening.set()
        await self._end.wait()
        server.close()
        for link in self._links:
            link.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)

    async def _link(self, reader, writer):
        self._links.add(asyncio.current_task())
        try:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.target)
            await asyncio.gather(self._pass(reader, there_writer), self._pass(there_reader, writer))
        except (OSError, asyncio.CancelledError):
            writer.close()
        finally:
            self._links.discard(asyncio.current_task())

    async def _pass(self, reader, writer):
        """Read as it comes and write each piece ``delay`` seconds after it came."""
        pieces = asyncio.Queue()
        writing = asyncio.create_task(self._write(pieces, writer))
        try:
            while piece := await reader.read(65536):
                pieces.put_nowait((self._loop.time() + self.delay, piece))
            pieces.put_nowait((self._loop.time() + self.delay, b""))
            await writing
        finally:
            writing.cancel()

    async def _write(self, pieces, writer):
        while True:
            due, piece = await pieces.get()
            await asyncio.sleep(max(0, due - self._loop.time()))
            if not piece:
                writer.close()
                return
            writer.write(piece)
            self.carried += len(piece)
            await writer.drain()
