"""Many render jobs at once, on any `concurrent.futures.Executor`."""
