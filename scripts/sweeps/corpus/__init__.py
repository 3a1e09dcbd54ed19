"""Hostile productions, made by a seed: folders that a stranger might send. Each kind is a function that yields cases."""
