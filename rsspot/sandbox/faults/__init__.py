"""Fault injection: the plan of faults, and the middleware that carries it out."""
