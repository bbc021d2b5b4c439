import { ProfileError } from './errors.js';
import {
  CounterDescriptor,
  CounterUnit,
  DebugAnnotation,
  EventType,
  ProcessDescriptor,
  ThreadDescriptor,
  Trace,
  TracePacket,
  TrackDescriptor,
  TrackEvent,
} from './perfetto.js';
import { bytesOf, doubleOf, numberOf, protoFields, textOf, type ProtoField } from './proto-reader.js';

/** A row of a trace. */
export interface TraceTrack {
  readonly id: number;
  readonly parent: number | undefined;
  readonly name: string;
  /** Those of one parent are shown in the order of it. */
  readonly rank: number;
  readonly kind: 'process' | 'thread' | 'slices' | 'counter';
  /** Of counters: whether they count bytes. */
  readonly isBytes: boolean;
  /** In the order of their beginnings; a slice comes before those within it. */
  readonly slices: TraceSlice[];
  /** Of counters. */
  readonly points: { readonly time: number; readonly value: number }[];
}

/** Something that took time. Times are nanoseconds. */
export interface TraceSlice {
  readonly name: string;
  readonly category: string | undefined;
  readonly begin: number;
  end: number;
  /** Slices of its track that it lies in. */
  readonly depth: number;
  readonly details: Readonly<Record<string, string | number>>;
  readonly flows: readonly number[];
}

/** A trace that was read. */
export interface TraceData {
  readonly tracks: ReadonlyMap<number, TraceTrack>;
  /** Details of the devices, by their names. */
  readonly devices: ReadonlyMap<string, Readonly<Record<string, string | number>>>;
  /** The last packet is not whole: the program was ended while it wrote. */
  readonly isCut: boolean;
  readonly begin: number;
  readonly end: number;
}

/** Reads a trace that a Profiler wrote. Throws ProfileError for anything else. */
export function readTrace(bytes: Uint8Array): TraceData {
  return new TraceReader().read(bytes);
}

class TraceReader {
  private readonly tracks = new Map<number, TraceTrack>();
  private readonly devices = new Map<string, TraceSlice['details']>();
  private readonly open = new Map<number, TraceSlice[]>();
  private begin = Infinity;
  private end = -Infinity;

  read(bytes: Uint8Array): TraceData {
    let isCut = false;
    try {
      for (const field of protoFields(bytes)) if (field.field === Trace.packet) this.packet(bytesOf(field));
    } catch (error) {
      if (!(error instanceof ProfileError) || this.tracks.size === 0) throw error;
      isCut = true;
    }
    if (this.tracks.size === 0) throw new ProfileError('this is no trace: it has no tracks');
    for (const slice of [...this.open.values()].flat()) slice.end = this.end;
    const [begin, end] = this.begin <= this.end ? [this.begin, this.end] : [0, 0];
    return { tracks: this.tracks, devices: this.devices, isCut, begin, end };
  }

  private packet(bytes: Uint8Array): void {
    let time = 0;
    let event: Uint8Array | undefined;
    for (const field of protoFields(bytes)) {
      if (field.field === TracePacket.timestamp) time = numberOf(field);
      else if (field.field === TracePacket.trackDescriptor) this.track(bytesOf(field));
      else if (field.field === TracePacket.trackEvent) event = bytesOf(field);
    }
    if (event) this.event(time, event);
  }

  private track(bytes: Uint8Array): void {
    const fields = fieldsOf(bytes);
    const thread = fields.message(TrackDescriptor.thread);
    const process = fields.message(TrackDescriptor.process);
    const counter = fields.message(TrackDescriptor.counter);
    const name =
      thread?.text(ThreadDescriptor.threadName) ??
      process?.text(ProcessDescriptor.processName) ??
      fields.text(TrackDescriptor.name);
    const id = fields.number(TrackDescriptor.uuid) ?? 0;
    this.tracks.set(id, {
      id,
      parent: fields.number(TrackDescriptor.parentUuid),
      name: name ?? `track ${id}`,
      rank: fields.number(TrackDescriptor.siblingOrderRank) ?? 0,
      kind: thread ? 'thread' : process ? 'process' : counter ? 'counter' : 'slices',
      isBytes: counter?.number(CounterDescriptor.unit) === CounterUnit.SIZE_BYTES,
      slices: [],
      points: [],
    });
  }

  private event(time: number, bytes: Uint8Array): void {
    const fields = fieldsOf(bytes);
    const id = fields.number(TrackEvent.trackUuid) ?? 0;
    const track = this.tracks.get(id);
    if (!track) throw new ProfileError(`this trace is damaged: an event on a track ${id} that it does not describe`);
    this.begin = Math.min(this.begin, time);
    this.end = Math.max(this.end, time);
    const open = this.open.get(id) ?? [];
    this.open.set(id, open);
    switch (fields.number(TrackEvent.type)) {
      case EventType.SLICE_BEGIN: {
        const slice = this.slice(time, fields, open.length);
        track.slices.push(slice);
        open.push(slice);
        break;
      }
      case EventType.SLICE_END: {
        const slice = open.pop();
        if (slice) slice.end = time;
        break;
      }
      case EventType.INSTANT: {
        const { category, details } = this.slice(time, fields, 0);
        if (category === 'device') this.devices.set(String(details['device']), details);
        break;
      }
      case EventType.COUNTER: {
        const value = fields.double(TrackEvent.doubleCounterValue) ?? fields.number(TrackEvent.counterValue) ?? 0;
        track.points.push({ time, value });
        break;
      }
    }
  }

  private slice(time: number, fields: Fields, depth: number): TraceSlice {
    return {
      name: fields.text(TrackEvent.name) ?? '',
      category: fields.text(TrackEvent.categories),
      begin: time,
      end: time,
      depth,
      details: Object.fromEntries(fields.all(TrackEvent.debugAnnotations).map((field) => detailOf(bytesOf(field)))),
      flows: fields.all(TrackEvent.flowIds).map(numberOf),
    };
  }
}

function detailOf(bytes: Uint8Array): readonly [name: string, value: string | number] {
  const fields = fieldsOf(bytes);
  const number = fields.number(DebugAnnotation.uintValue) ?? fields.double(DebugAnnotation.doubleValue);
  return [fields.text(DebugAnnotation.name) ?? '', fields.text(DebugAnnotation.stringValue) ?? number ?? 0];
}

/** The fields of a message by number; of several values of one the last counts. */
class Fields {
  constructor(private readonly fields: readonly ProtoField[]) {}

  all(field: number): ProtoField[] {
    return this.fields.filter((each) => each.field === field);
  }

  number(field: number): number | undefined {
    return this.last(field, numberOf);
  }

  double(field: number): number | undefined {
    return this.last(field, doubleOf);
  }

  text(field: number): string | undefined {
    return this.last(field, textOf);
  }

  message(field: number): Fields | undefined {
    return this.last(field, (found) => fieldsOf(bytesOf(found)));
  }

  private last<T>(field: number, read: (field: ProtoField) => T): T | undefined {
    const found = this.fields.findLast((each) => each.field === field);
    return found && read(found);
  }
}

function fieldsOf(bytes: Uint8Array): Fields {
  return new Fields([...protoFields(bytes)]);
}
