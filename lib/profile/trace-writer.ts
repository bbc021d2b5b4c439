import type { SliceDetails } from '../ir/recorder.js';
import {
  ChildOrdering,
  CounterDescriptor,
  CounterUnit,
  DebugAnnotation,
  EventType,
  ProcessDescriptor,
  SequenceFlags,
  ThreadDescriptor,
  Trace,
  TracePacket,
  TrackDescriptor,
  TrackEvent,
} from './perfetto.js';
import { ProtoWriter } from './proto-writer.js';

/** A track of the trace, by its uuid. */
export type Track = number;

/** One writer, one sequence. */
const SEQUENCE = 1;

export interface EventOptions {
  readonly details?: SliceDetails | undefined;
  /** Details as `encodeDetails` gives them. */
  readonly encoded?: Uint8Array | undefined;
  readonly category?: string | undefined;
  /** Slices with the same number are joined by arrows. */
  readonly flow?: number | undefined;
}

/**
 * Writes the packets of a Perfetto trace. Times are whole nanoseconds, and the events of each track come in their order.
 * Each packet goes out whole, so that what there is of a trace can always be read.
 */
export class TraceWriter {
  private readonly part = new ProtoWriter();
  private readonly inner = new ProtoWriter();
  private readonly body = new ProtoWriter();
  private readonly packet = new ProtoWriter();
  private readonly framed = new ProtoWriter();
  private tracks = 0;
  private isFirst = true;

  /** @param write Takes bytes that are valid during the call only. */
  constructor(private readonly write: (bytes: Uint8Array) => void) {}

  process(pid: number, name: string): Track {
    this.part.clear().integer(ProcessDescriptor.pid, pid).string(ProcessDescriptor.processName, name);
    this.inner
      .clear()
      .message(TrackDescriptor.process, this.part.bytes)
      .integer(TrackDescriptor.childOrdering, ChildOrdering.EXPLICIT);
    return this.describe();
  }

  thread(parent: Track, pid: number, name: string): Track {
    const { pid: pidField, tid, threadName } = ThreadDescriptor;
    this.part.clear().integer(pidField, pid).integer(tid, pid).string(threadName, name);
    this.inner.clear().message(TrackDescriptor.thread, this.part.bytes).integer(TrackDescriptor.parentUuid, parent);
    return this.describe();
  }

  /** A track of slices, below another; those of a lower rank come first. */
  track(parent: Track, name: string, rank = 0): Track {
    this.named(parent, name, rank).integer(TrackDescriptor.childOrdering, ChildOrdering.EXPLICIT);
    return this.describe();
  }

  counter(parent: Track, name: string, unit: 'bytes' | 'number', rank = 0): Track {
    this.part.clear();
    if (unit === 'bytes') this.part.integer(CounterDescriptor.unit, CounterUnit.SIZE_BYTES);
    this.named(parent, name, rank).message(TrackDescriptor.counter, this.part.bytes);
    return this.describe();
  }

  begin(track: Track, time: number, name: string, options: EventOptions = {}): void {
    this.event(EventType.SLICE_BEGIN, track, time, name, options);
  }

  end(track: Track, time: number): void {
    this.event(EventType.SLICE_END, track, time);
  }

  instant(track: Track, time: number, name: string, options: EventOptions = {}): void {
    this.event(EventType.INSTANT, track, time, name, options);
  }

  count(track: Track, time: number, value: number, unit: 'bytes' | 'number'): void {
    this.startEvent(EventType.COUNTER, track);
    if (unit === 'bytes') this.body.integer(TrackEvent.counterValue, value);
    else this.body.double(TrackEvent.doubleCounterValue, value);
    this.finishEvent(time);
  }

  /** Details in the form that events have them in, for those that many events share. */
  encodeDetails(details: SliceDetails): Uint8Array {
    this.inner.clear();
    for (const [name, value] of Object.entries(details)) {
      this.part.clear().string(DebugAnnotation.name, name);
      if (typeof value === 'string') this.part.string(DebugAnnotation.stringValue, value);
      else if (Number.isSafeInteger(value) && value >= 0) this.part.integer(DebugAnnotation.uintValue, value);
      else this.part.double(DebugAnnotation.doubleValue, value);
      this.inner.message(TrackEvent.debugAnnotations, this.part.bytes);
    }
    return this.inner.bytes.slice();
  }

  private event(type: number, track: Track, time: number, name?: string, options: EventOptions = {}): void {
    const { details, encoded, category, flow } = options;
    const extra = details && this.encodeDetails(details);
    this.startEvent(type, track);
    if (name !== undefined) this.body.string(TrackEvent.name, name);
    if (category !== undefined) this.body.string(TrackEvent.categories, category);
    if (encoded) this.body.append(encoded);
    if (extra) this.body.append(extra);
    if (flow !== undefined) this.body.fixed64(TrackEvent.flowIds, flow);
    this.finishEvent(time);
  }

  private startEvent(type: number, track: Track): void {
    this.body.clear().integer(TrackEvent.type, type).integer(TrackEvent.trackUuid, track);
  }

  private finishEvent(time: number): void {
    this.packet.clear().integer(TracePacket.timestamp, time);
    this.send(this.packet.message(TracePacket.trackEvent, this.body.bytes));
  }

  private named(parent: Track, name: string, rank: number): ProtoWriter {
    return this.inner
      .clear()
      .integer(TrackDescriptor.parentUuid, parent)
      .string(TrackDescriptor.name, name)
      .integer(TrackDescriptor.siblingOrderRank, rank);
  }

  private describe(): Track {
    const track = ++this.tracks;
    this.inner.integer(TrackDescriptor.uuid, track);
    this.send(this.packet.clear().message(TracePacket.trackDescriptor, this.inner.bytes));
    return track;
  }

  private send(packet: ProtoWriter): void {
    packet.integer(TracePacket.trustedPacketSequenceId, SEQUENCE);
    if (this.isFirst) packet.integer(TracePacket.sequenceFlags, SequenceFlags.INCREMENTAL_STATE_CLEARED);
    this.isFirst = false;
    this.framed.clear().message(Trace.packet, packet.bytes);
    this.write(this.framed.bytes);
  }
}
