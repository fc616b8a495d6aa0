"""The resources of single operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

if TYPE_CHECKING:
    from pyflink.common.resource_spec import ResourceSpec


class ResourcesMixin:
    """The methods of streams and sinks that concern the resources of their operator."""

    def _j_transformation(self) -> Any:
        raise NotImplementedError("%s._j_transformation" % type(self).__name__)

    def set_resource_spec(
        self, min_resources: ResourceSpec, preferred_resources: Optional[ResourceSpec] = None
    ) -> Any:
        """Set what the operator needs in its slot.

        A slot gets the sum of what its operators need; operators without a setting then need
        nothing. A slot sharing group with resources of its own goes before this.

        :param min_resources: what it must have.
        :param preferred_resources: what would be good, at least as much; kept in the program, and
            the same as `min_resources` when None.
        :raises TypeError: an argument is no ResourceSpec.
        :raises ValueError: less is preferred than must be.
        """
        from pyflink.common.resource_spec import ResourceSpec

        if preferred_resources is None:
            preferred_resources = min_resources
        for spec in (min_resources, preferred_resources):
            if not isinstance(spec, ResourceSpec):
                raise TypeError(
                    "set_resource_spec needs a ResourceSpec, not %s" % type(spec).__name__
                )
        j_min, j_preferred = min_resources._j_resource_spec, preferred_resources._j_resource_spec
        if not j_min.lessThanOrEqual(j_preferred):
            raise ValueError("the preferred resources are less than the minimum resources")
        self._j_transformation().setResources(j_min, j_preferred)
        return self

    def get_min_resources(self) -> ResourceSpec:
        """What the operator must have; ResourceSpec.unknown() when it was not set."""
        from pyflink.common.resource_spec import ResourceSpec

        return ResourceSpec(self._j_transformation().getMinResources())

    def get_preferred_resources(self) -> ResourceSpec:
        """What would be good for the operator to have."""
        from pyflink.common.resource_spec import ResourceSpec

        return ResourceSpec(self._j_transformation().getPreferredResources())
