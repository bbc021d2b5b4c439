"""Checks a trace against Perfetto's official descriptors, out of the PyPI package `perfetto`:

    pip install perfetto protobuf && python check.py trace.pftrace

No unknown fields; every event on a described track; on each track events in order and slices nested; every flow of a
kernel begins at a submit.
"""

import sys
from collections import Counter

from google.protobuf import unknown_fields
from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as p


def unknown(message, path):
    found = [f"{path}#{f.field_number}" for f in unknown_fields.UnknownFieldSet(message)]
    for field, value in message.ListFields():
        if field.type == field.TYPE_MESSAGE:
            for part in value if field.is_repeated else [value]:
                found += unknown(part, f"{path}.{field.name}")
    return found


def main(path):
    trace = p.Trace()
    with open(path, "rb") as file:
        trace.ParseFromString(file.read())
    assert not unknown(trace, "Trace"), unknown(trace, "Trace")[:10]
    tracks, stacks, last, counts = {}, {}, {}, Counter()
    submits, kernel_flows = set(), set()
    for packet in trace.packet:
        assert packet.trusted_packet_sequence_id == 1
        if packet.HasField("track_descriptor"):
            descriptor = packet.track_descriptor
            assert not descriptor.parent_uuid or descriptor.parent_uuid in tracks
            tracks[descriptor.uuid] = descriptor.name or descriptor.thread.thread_name or descriptor.process.process_name
        if not packet.HasField("track_event"):
            continue
        event = packet.track_event
        assert event.track_uuid in tracks, "an event on a track that was not described"
        assert packet.timestamp >= last.get(event.track_uuid, 0), f"{tracks[event.track_uuid]} goes back in time"
        last[event.track_uuid] = packet.timestamp
        stack = stacks.setdefault(event.track_uuid, [])
        counts[tracks[event.track_uuid]] += 1
        if event.type == p.TrackEvent.TYPE_SLICE_BEGIN:
            stack.append(event.name)
            if event.name == "submit":
                submits.update(event.flow_ids)
            if "kernel" in event.categories:
                kernel_flows.update(event.flow_ids)
        elif event.type == p.TrackEvent.TYPE_SLICE_END:
            stack.pop()
    assert not any(stacks.values()), "slices without an end"
    assert kernel_flows <= submits, "kernels without a submit"
    print(f"{path}: {len(trace.packet)} packets; events by track:")
    for name, count in counts.most_common():
        print(f"  {count:8d}  {name}")


main(sys.argv[1])
