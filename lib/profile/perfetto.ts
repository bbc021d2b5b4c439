/**
 * Numbers of fields and enums of Perfetto's trace format, those that are used here. Tests hold them against the
 * official descriptors. https://perfetto.dev/docs/reference/trace-packet-proto
 */

export const Trace = { packet: 1 } as const;

export const TracePacket = {
  timestamp: 8,
  trustedPacketSequenceId: 10,
  trackEvent: 11,
  sequenceFlags: 13,
  trackDescriptor: 60,
} as const;

export const SequenceFlags = { INCREMENTAL_STATE_CLEARED: 1 } as const;

export const TrackDescriptor = {
  uuid: 1,
  name: 2,
  process: 3,
  thread: 4,
  parentUuid: 5,
  counter: 8,
  childOrdering: 11,
  siblingOrderRank: 12,
} as const;

export const ChildOrdering = { EXPLICIT: 3 } as const;

export const ProcessDescriptor = { pid: 1, processName: 6 } as const;

export const ThreadDescriptor = { pid: 1, tid: 2, threadName: 5 } as const;

export const CounterDescriptor = { unit: 3 } as const;

export const CounterUnit = { SIZE_BYTES: 3 } as const;

export const TrackEvent = {
  debugAnnotations: 4,
  type: 9,
  trackUuid: 11,
  categories: 22,
  name: 23,
  counterValue: 30,
  doubleCounterValue: 44,
  flowIds: 47,
} as const;

export const EventType = { SLICE_BEGIN: 1, SLICE_END: 2, INSTANT: 3, COUNTER: 4 } as const;

export const DebugAnnotation = { uintValue: 3, doubleValue: 5, stringValue: 6, name: 10 } as const;
