"""The states of functions: registered in Flink's backend, kept by the native engine."""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional, Tuple

from pyflink._engine import engine, watching
from pyflink.datastream import state as api

VALUE, LIST, MAP, REDUCING, AGGREGATING, BROADCAST = 1, 2, 3, 4, 5, 6
_NAMES = {
    VALUE: "ValueState",
    LIST: "ListState",
    MAP: "MapState",
    REDUCING: "ReducingState",
    AGGREGATING: "AggregatingState",
}


def _register_types() -> None:
    """Make isinstance(state, ValueState) and so on true for the engine's objects."""
    for name in (*_NAMES.values(), "ReadOnlyBroadcastState", "BroadcastState"):
        getattr(api, name).register(getattr(engine(), name))


class KeyedStates:
    """Gives the states of one operator instance.

    :param keyed: the engine's KeyedContext.
    :param j_states: Java's KeyedStates.
    :param of_windows: whether keys are those of windows.
    :param stored_name: from a state's name to that in Flink's backend, where they differ.
    """

    def __init__(
        self,
        keyed: Any,
        j_states: Any,
        of_windows: bool = False,
        stored_name: Callable[[str], str] = str,
    ) -> None:
        self._keyed = keyed
        self._j_states = j_states
        self._register = j_states.registerOfWindow if of_windows else j_states.register
        self._stored_name = stored_name
        self._known: Dict[str, Tuple[int, Any]] = {}
        _register_types()

    def knows(self, name: str) -> bool:
        """Whether a state of this name was opened."""
        return name in self._known

    def stored_name(self, name: str) -> str:
        """What a state is called in Flink's backend."""
        return self._stored_name(name)

    def of(self, descriptor: Any) -> Any:
        """The state of a descriptor of any kind.

        :raises TypeError: it is no descriptor of a state.
        """
        kinds = (
            (api.ValueStateDescriptor, self.value),
            (api.ListStateDescriptor, self.list),
            (api.MapStateDescriptor, self.map),
            (api.ReducingStateDescriptor, self.reducing),
            (api.AggregatingStateDescriptor, self.aggregating),
        )
        for kind, get in kinds:
            if isinstance(descriptor, kind):
                return get(descriptor)
        raise TypeError(
            "the descriptor of a state is needed, not %s %r"
            % (type(descriptor).__name__, descriptor)
        )

    def value(self, descriptor: Any) -> Any:
        """The ValueState of a descriptor."""
        return self._get(VALUE, descriptor, descriptor.type_info)

    def list(self, descriptor: Any) -> Any:
        """The ListState of a descriptor."""
        return self._get(LIST, descriptor, descriptor.type_info.elem_type)

    def map(self, descriptor: Any) -> Any:
        """The MapState of a descriptor."""
        types = descriptor.type_info
        return self._get(MAP, descriptor, types._value_type_info, types._key_type_info)

    def reducing(self, descriptor: Any) -> Any:
        """The ReducingState of a descriptor."""
        function = descriptor.get_reduce_function().reduce
        return self._get(REDUCING, descriptor, descriptor.type_info, None, (function,))

    def aggregating(self, descriptor: Any) -> Any:
        """The AggregatingState of a descriptor."""
        function = descriptor.get_agg_function()
        functions = (function.create_accumulator, function.add, function.get_result)
        return self._get(AGGREGATING, descriptor, descriptor.type_info, None, functions)

    def _get(
        self,
        kind: int,
        descriptor: Any,
        type_info: Any,
        key_type_info: Optional[Any] = None,
        functions: Tuple[Any, ...] = (),
    ) -> Any:
        name = descriptor.get_name()
        known = self._known.get(name)
        if known is not None:
            if known[0] != kind:
                raise ValueError(
                    "state '%s' is a %s in this operator, it cannot be a %s as well"
                    % (name, _NAMES[known[0]], _NAMES[kind])
                )
            return known[1]
        ttl = descriptor._ttl_config
        j_ttl = None if ttl is None or not ttl.is_enabled() else ttl._to_j_state_ttl_config()
        number = self._register(
            kind,
            self._stored_name(name),
            None if type_info is None else type_info.get_java_type_info(),
            None if key_type_info is None else key_type_info.get_java_type_info(),
            j_ttl,
        )
        key_schema = self._j_states.keySchema(number)
        state = engine().new_state(
            self._keyed,
            kind,
            number,
            name,
            bytes(self._j_states.schema(number)),
            None if key_schema is None else bytes(key_schema),
            j_ttl is None,
            *functions,
        )
        self._known[name] = (kind, state)
        return state


class BroadcastStates:
    """Gives the broadcast states of one operator instance; the native engine asks.

    :param context: the engine's KeyedContext, whose key is always the same.
    :param j_states: Java's BroadcastStates.
    :param runtime_context: the function's, which knows the states of the keys.
    """

    def __init__(self, context: Any, j_states: Any, runtime_context: Any) -> None:
        self._context = context
        self._j_states = j_states
        self._runtime_context = runtime_context
        self._known: Dict[str, Tuple[Any, Any]] = {}
        _register_types()
        watching.opened_broadcast_states(runtime_context._name, self)

    def writable(self, descriptor: Any) -> Any:
        """The BroadcastState of a descriptor."""
        return self._get(descriptor)[0]

    def read_only(self, descriptor: Any) -> Any:
        """The same state for those who may only read it."""
        return self._get(descriptor)[1]

    def keyed(self, descriptor: Any) -> Any:
        """The state by key that a descriptor of any kind names."""
        return self._runtime_context.state_of(descriptor)

    def _get(self, descriptor: Any) -> Tuple[Any, Any]:
        if not isinstance(descriptor, api.MapStateDescriptor):
            raise TypeError(
                "get_broadcast_state() needs a MapStateDescriptor, not %s %r"
                % (type(descriptor).__name__, descriptor)
            )
        name = descriptor.get_name()
        known = self._known.get(name)
        if known is not None:
            return known
        types = descriptor.type_info
        number = self._j_states.register(
            name,
            types._key_type_info.get_java_type_info(),
            types._value_type_info.get_java_type_info(),
        )
        state = engine().new_state(
            self._context,
            BROADCAST,
            number,
            name,
            bytes(self._j_states.schema(number)),
            bytes(self._j_states.keySchema(number)),
            True,
        )
        self._known[name] = state, engine().read_only_state(state)
        return self._known[name]
