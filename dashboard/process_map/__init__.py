"""The process map: the diagram of a process with what stands in each stage."""
