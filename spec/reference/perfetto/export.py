"""Writes descriptors.json: every field of the messages that traces are made of, from Perfetto's official descriptors.

    pip install perfetto protobuf && python export.py
"""

import json
import pathlib

from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as p

# Messages below these are left out: a trace that has one of them does not pass.
MESSAGES = [
    p.Trace,
    p.TracePacket,
    p.TrackEvent,
    p.TrackDescriptor,
    p.ProcessDescriptor,
    p.ThreadDescriptor,
    p.CounterDescriptor,
    p.DebugAnnotation,
]


def field_of(field):
    types = {value: name for name, value in vars(type(field)).items() if name.startswith("TYPE_")}
    entry = {"name": field.name, "type": types[field.type].removeprefix("TYPE_").lower()}
    if field.is_repeated:
        entry["repeated"] = True
    if field.message_type:
        entry["message"] = field.message_type.full_name.removeprefix("perfetto.protos.")
    if field.enum_type:
        entry["values"] = {str(value.number): value.name for value in field.enum_type.values}
    return entry


descriptors = {
    message.DESCRIPTOR.full_name.removeprefix("perfetto.protos."): {
        str(field.number): field_of(field) for field in message.DESCRIPTOR.fields
    }
    for message in MESSAGES
}
path = pathlib.Path(__file__).with_name("descriptors.json")
path.write_text(json.dumps(descriptors, indent=1) + "\n")
