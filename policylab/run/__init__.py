"""Running notebooks: plans, kernels, what is stale, comparing with what was drawn before."""
