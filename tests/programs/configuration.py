"""Configuration: typed setters and getters, defaults, copies and removal."""
from pyflink.common import Configuration

conf = Configuration()
conf.set_string("s", "text").set_integer("i", 7).set_boolean("b", True).set_float("f", 1.5)
conf.set_bytearray("ba", bytearray(b"\x01\x02"))
print(conf.get_string("s", "none"), conf.get_string("absent", "default"))
print(conf.get_integer("i", 0), conf.get_integer("absent", -1))
print(conf.get_boolean("b", False), conf.get_boolean("absent", False))
print(conf.get_float("f", 0.0), conf.get_float("absent", 2.5))
print(conf.get_bytearray("ba", bytearray()), conf.get_bytearray("absent", bytearray(b"x")))
print(sorted(conf.key_set()))
print(conf.contains_key("s"), conf.contains_key("absent"))
print(conf.remove_config("s"), conf.remove_config("s"), conf.contains_key("s"))

other = Configuration()
other.set_string("o", "other")
conf.add_all(other)
conf.add_all(other, "prefix.")
print(sorted(conf.key_set()))
target = {}
other.add_all_to_dict(target)
print(target, other.to_dict())
copy = Configuration(other)
print(copy == other, copy == conf, str(copy))
