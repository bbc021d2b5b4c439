import fs from 'node:fs';

/** Decodes traces by Perfetto's official descriptors, and by nothing of lib: see spec/reference/perfetto. */

interface FieldDescriptor {
  readonly name: string;
  readonly type: string;
  readonly repeated?: true;
  readonly message?: string;
  readonly values?: Readonly<Record<string, string>>;
}

const descriptors = JSON.parse(fs.readFileSync('spec/reference/perfetto/descriptors.json', 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, FieldDescriptor>>>
>;

type Fields = Readonly<Record<string, unknown>>;

/** Wire types of protocol buffers by the types of fields: https://protobuf.dev/programming-guides/encoding/#structure */
const WIRE: Readonly<Record<string, number>> = {
  ...Object.fromEntries(['uint32', 'uint64', 'int32', 'int64', 'bool', 'enum'].map((type) => [type, 0])),
  ...Object.fromEntries(['double', 'fixed64'].map((type) => [type, 1])),
  ...Object.fromEntries(['string', 'bytes', 'message'].map((type) => [type, 2])),
};

/** A message's fields by name. Throws for fields that the descriptors do not have, or have as another type. */
export function decode(name: string, bytes: Uint8Array): Fields {
  const known = descriptors[name];
  if (!known) throw new Error(`no descriptor of ${name}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: Record<string, unknown> = {};
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const field = known[tag >> 3];
    if (!field) throw new Error(`${name} has no field ${tag >> 3}`);
    if (WIRE[field.type] !== (tag & 7))
      throw new Error(`${name}.${field.name} is ${field.type}, got wire type ${tag & 7}`);
    let value: unknown;
    if ((tag & 7) === 0) {
      const number = Number(varint());
      value = field.values ? field.values[number] : number;
      if (value === undefined) throw new Error(`${name}.${field.name} has no value ${number}`);
    } else if ((tag & 7) === 1) {
      value = field.type === 'double' ? view.getFloat64(at, true) : Number(view.getBigUint64(at, true));
      at += 8;
    } else {
      const length = Number(varint());
      const inner = bytes.subarray(at, at + length);
      if (inner.length !== length) throw new Error(`${name}.${field.name} is cut off`);
      value = field.message ? decode(field.message, inner) : new TextDecoder('utf-8', { fatal: true }).decode(inner);
      at += length;
    }
    if (field.repeated) fields[field.name] = [...((fields[field.name] ?? []) as unknown[]), value];
    else if (field.name in fields) throw new Error(`${name}.${field.name} is there twice`);
    else fields[field.name] = value;
  }
  return fields;
}

export interface OfficialSlice {
  readonly track: string;
  readonly name: string;
  readonly category: string | undefined;
  readonly begin: number;
  end: number;
  readonly parent: OfficialSlice | undefined;
  readonly flows: readonly number[];
  readonly details: Readonly<Record<string, unknown>>;
}

export interface OfficialTrace {
  readonly tracks: readonly string[];
  /** All of them, by their beginnings on each track. */
  readonly slices: readonly OfficialSlice[];
  readonly instants: readonly OfficialSlice[];
  readonly counters: Readonly<Record<string, readonly { time: number; value: number }[]>>;
}

/**
 * A whole trace. Throws where fields are unknown, tracks not described, events of a track out of order, slices without an
 * end.
 */
export function decodeTrace(bytes: Uint8Array): OfficialTrace {
  const tracks = new Map<number, string>();
  const open = new Map<number, OfficialSlice[]>();
  const last = new Map<number, number>();
  const slices: OfficialSlice[] = [];
  const instants: OfficialSlice[] = [];
  const counters: Record<string, { time: number; value: number }[]> = {};
  const packets = decode('Trace', bytes)['packet'] as Fields[];
  packets.forEach((packet, i) => {
    if (packet['sequence_flags'] !== (i === 0 ? 1 : undefined)) throw new Error(`packet ${i} has wrong sequence flags`);
    if (packet['trusted_packet_sequence_id'] !== 1) throw new Error(`packet ${i} has no sequence`);
    const described = packet['track_descriptor'] as Record<string, Fields> | undefined;
    if (described) {
      const { uuid, parent_uuid, thread, process, name } = described;
      const parent = tracks.get(Number(parent_uuid ?? 0));
      if (parent_uuid !== undefined && parent === undefined) throw new Error('a track below one that is not described');
      const own = String(name ?? thread?.['thread_name'] ?? process?.['process_name']);
      tracks.set(Number(uuid), parent?.startsWith('session') ? `${parent}: ${own}` : own);
    }
    const event = packet['track_event'] as Fields | undefined;
    if (!event) return;
    const id = Number(event['track_uuid']);
    const track = tracks.get(id);
    if (track === undefined) throw new Error(`track ${id} is not described`);
    const time = Number(packet['timestamp']);
    if (time < (last.get(id) ?? 0)) throw new Error(`${track} goes back in time`);
    last.set(id, time);
    const stack = open.get(id) ?? [];
    open.set(id, stack);
    if (event['type'] === 'TYPE_COUNTER') {
      const value = Number(event['counter_value'] ?? event['double_counter_value']);
      (counters[track] ??= []).push({ time, value });
    } else if (event['type'] === 'TYPE_SLICE_END') {
      const slice = stack.pop();
      if (!slice) throw new Error(`${track}: an end without a beginning`);
      slice.end = time;
    } else {
      const slice: OfficialSlice = {
        track,
        name: String(event['name']),
        category: (event['categories'] as string[] | undefined)?.[0],
        begin: time,
        end: time,
        parent: stack.at(-1),
        flows: (event['flow_ids'] ?? []) as number[],
        details: Object.fromEntries(
          ((event['debug_annotations'] ?? []) as Fields[]).map((detail) => [
            String(detail['name']),
            detail['uint_value'] ?? detail['double_value'] ?? detail['string_value'],
          ]),
        ),
      };
      if (event['type'] === 'TYPE_INSTANT') instants.push(slice);
      else {
        slices.push(slice);
        stack.push(slice);
      }
    }
  });
  const unfinished = [...open.values()].flat();
  if (unfinished.length > 0) throw new Error(`without an end: ${unfinished.map(({ name }) => name).join(', ')}`);
  return { tracks: [...tracks.values()], slices, instants, counters };
}
