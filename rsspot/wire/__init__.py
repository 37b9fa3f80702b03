"""From one definition to a sync and an async call; the only seam to the generated package."""
