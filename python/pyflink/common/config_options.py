"""Typed keys of settings."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

__all__ = ["ConfigOptions", "ConfigOption"]

T = TypeVar("T")


class ConfigOptions:
    """Builds a :class:`ConfigOption`: ``ConfigOptions.key('a').int_type().default_value(5)``.

    :param j_config_options: the Java class.
    """

    def __init__(self, j_config_options: Any) -> None:
        self._j_config_options = j_config_options

    @staticmethod
    def key(key: str) -> ConfigOptions.OptionBuilder:
        """Begin an option.

        :param key: its key.
        """
        from pyflink.java_gateway import get_gateway

        options = get_gateway().jvm.org.apache.flink.configuration.ConfigOptions
        return ConfigOptions.OptionBuilder(options.key(key))

    class OptionBuilder:
        """Chooses the type of an option.

        :param j_option_builder: the Java builder.
        """

        def __init__(self, j_option_builder: Any) -> None:
            self._j_option_builder = j_option_builder

        def boolean_type(self) -> ConfigOptions.TypedConfigOptionBuilder[bool]:
            """The values are booleans."""
            return ConfigOptions.TypedConfigOptionBuilder(self._j_option_builder.booleanType())

        def int_type(self) -> ConfigOptions.TypedConfigOptionBuilder[int]:
            """The values are integers of 32 bits."""
            return ConfigOptions.TypedConfigOptionBuilder(self._j_option_builder.intType())

        def long_type(self) -> ConfigOptions.TypedConfigOptionBuilder[int]:
            """The values are integers of 64 bits."""
            return ConfigOptions.TypedConfigOptionBuilder(self._j_option_builder.longType())

        def float_type(self) -> ConfigOptions.TypedConfigOptionBuilder[float]:
            """The values are floating point numbers of 32 bits."""
            return ConfigOptions.TypedConfigOptionBuilder(self._j_option_builder.floatType())

        def double_type(self) -> ConfigOptions.TypedConfigOptionBuilder[float]:
            """The values are floating point numbers of 64 bits."""
            return ConfigOptions.TypedConfigOptionBuilder(self._j_option_builder.doubleType())

        def string_type(self) -> ConfigOptions.TypedConfigOptionBuilder[str]:
            """The values are text."""
            return ConfigOptions.TypedConfigOptionBuilder(self._j_option_builder.stringType())

    class TypedConfigOptionBuilder(Generic[T]):
        """Ends the building of an option.

        :param j_typed_config_option_builder: the Java builder.
        """

        def __init__(self, j_typed_config_option_builder: Any) -> None:
            self._j_typed_config_option_builder = j_typed_config_option_builder

        def default_value(self, value: T) -> ConfigOption[T]:
            """The option, with the value that stands when it is not set."""
            return ConfigOption(self._j_typed_config_option_builder.defaultValue(value))

        def no_default_value(self) -> ConfigOption[str]:
            """The option, without a default."""
            return ConfigOption(self._j_typed_config_option_builder.noDefaultValue())


class ConfigOption(Generic[T]):
    """A typed key of a setting.

    :param j_config_option: the Java org.apache.flink.configuration.ConfigOption.
    """

    def __init__(self, j_config_option: Any) -> None:
        self._j_config_option = j_config_option
