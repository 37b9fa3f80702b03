"""Fault injection: the plan of faults, and the middleware that carries it out.

It wraps the application of `sandbox.api`, and knows nothing of the world behind it.
"""
