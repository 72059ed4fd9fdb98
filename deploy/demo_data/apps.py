from django.apps import AppConfig


class DemoDataConfig(AppConfig):
    """Installed by the demo and test settings alone; it has commands and no tables."""

    name = "deploy.demo_data"
    label = "demo_data"
