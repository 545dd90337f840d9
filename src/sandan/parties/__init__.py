"""Who is registered, for which role and period, with which licence and mandate: a registry in, permissions and findings out."""
