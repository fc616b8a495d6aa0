"""Flink's settings: a map from keys to values."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Set

__all__ = ["Configuration"]


def _need(kind: Any, name: str, value: Any) -> None:
    """TypeError, naming the argument, when `value` is not of `kind`."""
    if not isinstance(value, kind):
        expected = kind.__name__ if isinstance(kind, type) else "number"
        raise TypeError("%s must be %s, not %s %r" % (name, expected, type(value).__name__, value))


class Configuration:
    """Settings by key. The setters return the configuration, so that calls can be chained.

    :param other: settings to begin with; they are copied.
    :param j_configuration: a Java org.apache.flink.configuration.Configuration to use as it is.
    """

    def __init__(self, other: Optional[Configuration] = None, j_configuration: Any = None) -> None:
        if j_configuration is None:
            from pyflink.java_gateway import get_gateway

            java_class = get_gateway().jvm.org.apache.flink.configuration.Configuration
            j_configuration = java_class() if other is None else java_class(other._j_configuration)
        self._j_configuration = j_configuration

    def get_string(self, key: str, default_value: str) -> str:
        """The value of `key` as text, or `default_value` when it is not set."""
        return self._j_configuration.getString(key, default_value)

    def set_string(self, key: str, value: str) -> Configuration:
        """Set `key` to a text.

        :raises TypeError: an argument is no str.
        """
        _need(str, "the key", key)
        _need(str, "the value of %r" % key, value)
        self._j_configuration.setString(key, value)
        return self

    @staticmethod
    def parse_list_value(value: str, standard_yaml: bool = True) -> List[str]:
        """Take the text of a list setting apart, such as ``[a, b]`` or ``a;b``.

        :param value: the text; None or an empty text is an empty list.
        :param standard_yaml: whether the YAML form is understood as well.
        """
        if not value:
            return []
        if standard_yaml and value.lstrip()[:1] in ("[", "-"):
            from pyflink.java_gateway import get_gateway

            parser = get_gateway().jvm.org.apache.flink.configuration.YamlParserUtils
            parsed = parser.convertToObject(
                value, get_gateway().jvm.java.util.List._java_lang_class
            )
            return [str(item) for item in parsed]
        return value.split(";")

    def get_integer(self, key: str, default_value: int) -> int:
        """The value of `key` as an integer, or `default_value` when it is not set."""
        return self._j_configuration.getLong(key, default_value)

    def set_integer(self, key: str, value: int) -> Configuration:
        """Set `key` to an integer of up to 64 bits.

        :raises TypeError: `value` is no int.
        """
        _need(int, "the value of %r" % key, value)
        self._j_configuration.setLong(key, value)
        return self

    def get_boolean(self, key: str, default_value: bool) -> bool:
        """The value of `key` as a boolean, or `default_value` when it is not set."""
        return self._j_configuration.getBoolean(key, default_value)

    def set_boolean(self, key: str, value: bool) -> Configuration:
        """Set `key` to a boolean.

        :raises TypeError: `value` is no bool.
        """
        _need(bool, "the value of %r" % key, value)
        self._j_configuration.setBoolean(key, value)
        return self

    def get_float(self, key: str, default_value: float) -> float:
        """The value of `key` as a double, or `default_value` when it is not set."""
        return self._j_configuration.getDouble(key, float(default_value))

    def set_float(self, key: str, value: float) -> Configuration:
        """Set `key` to a double.

        :raises TypeError: `value` is no number.
        """
        _need((int, float), "the value of %r" % key, value)
        self._j_configuration.setDouble(key, float(value))
        return self

    def get_bytearray(self, key: str, default_value: bytearray) -> bytearray:
        """The value of `key` as bytes, or `default_value` when it is not set."""
        return bytearray(self._j_configuration.getBytes(key, bytes(default_value)))

    def set_bytearray(self, key: str, value: bytearray) -> Configuration:
        """Set `key` to bytes."""
        self._j_configuration.setBytes(key, bytes(value))
        return self

    def key_set(self) -> Set[str]:
        """The keys that are set."""
        return {str(key) for key in self._j_configuration.keySet()}

    def add_all_to_dict(self, target_dict: Dict) -> None:
        """Copy every setting into a dict, with values of their own types."""
        from pyflink.java_gateway import get_gateway

        properties = get_gateway().jvm.java.util.Properties()
        self._j_configuration.addAllToProperties(properties)
        for key in self.key_set():
            target_dict[key] = properties.get(key)

    def add_all(self, other: Configuration, prefix: Optional[str] = None) -> Configuration:
        """Copy the settings of another configuration into this one.

        :param other: where to copy from.
        :param prefix: put before each key, when given.
        """
        if prefix is None:
            self._j_configuration.addAll(other._j_configuration)
        else:
            self._j_configuration.addAll(other._j_configuration, prefix)
        return self

    def contains_key(self, key: str) -> bool:
        """Whether `key` is set."""
        return self._j_configuration.containsKey(key)

    def to_dict(self) -> Dict[str, str]:
        """The settings with their values as text."""
        return {str(k): str(v) for k, v in dict(self._j_configuration.toMap()).items()}

    def remove_config(self, key: str) -> bool:
        """Forget `key`.

        :return: whether it was set.
        """
        from pyflink.java_gateway import get_gateway

        options = get_gateway().jvm.org.apache.flink.configuration.ConfigOptions
        return self._j_configuration.removeConfig(options.key(key).stringType().noDefaultValue())

    def __deepcopy__(self, memo: Dict) -> Configuration:
        return Configuration(other=self)

    def __hash__(self) -> int:
        return self._j_configuration.hashCode()

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, Configuration) and self._j_configuration.equals(
            other._j_configuration
        )

    def __str__(self) -> str:
        return self._j_configuration.toString()
