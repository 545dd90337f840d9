"""HTTP for enterprises and officers: requests in, one error shape or an answer out."""
