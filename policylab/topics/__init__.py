"""Topic models that are resampled: fit, quality, labels, prevalence."""
