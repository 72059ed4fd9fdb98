"""Commands that install, start, stop and watch the portal; nothing here is imported by it."""
