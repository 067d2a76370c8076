"""placeholder on disk only"""
def propose(*a, **k): raise RuntimeError
