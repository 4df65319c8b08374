# For fingers that type make; run.py does the work, and works without make.
.PHONY: figures test check lab
figures test check lab:
	python3 run.py $@
