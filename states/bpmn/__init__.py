"""A process as BPMN 2.0: what stands in the diagram, where it is drawn, and the XML of both."""

from states.bpmn.writing import bpmn

__all__ = ["bpmn"]
