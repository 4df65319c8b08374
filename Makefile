# For fingers that type make; run.py does the work, and works without make.
.PHONY: figures test lab
figures test lab:
	python3 run.py $@
