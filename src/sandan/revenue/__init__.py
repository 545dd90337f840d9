"""Tax after release (汇总征税): released lists come in; bills, payment documents and freed guarantees go out."""
