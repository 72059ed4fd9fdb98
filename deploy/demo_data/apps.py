from django.apps import AppConfig


class DemoDataConfig(AppConfig):
    """App of the demo and test settings only; it has commands and no tables."""

    name = "deploy.demo_data"
    label = "demo_data"
