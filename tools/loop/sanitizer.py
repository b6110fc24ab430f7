def explain_crash(stderr, folder): return None
