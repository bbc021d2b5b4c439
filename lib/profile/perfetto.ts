/**
 * Numbers of fields and enums of Perfetto's trace format, those that are used here. Tests hold them against the
 * official descriptors. https://perfetto.dev/docs/reference/trace-packet-proto
 */

export const Trace = { packet: 1 } as const;

export const TracePacket = {
  timestamp: 8,
  trustedPacketSequenceId: 10,
  trackEvent: 11,
  internedData: 12,
  sequenceFlags: 13,
  trackDescriptor: 60,
} as const;

export const SequenceFlags = { INCREMENTAL_STATE_CLEARED: 1, NEEDS_INCREMENTAL_STATE: 2 } as const;

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
  categoryIids: 3,
  debugAnnotations: 4,
  type: 9,
  nameIid: 10,
  trackUuid: 11,
  counterValue: 30,
  doubleCounterValue: 44,
  flowIds: 47,
} as const;

export const EventType = { SLICE_BEGIN: 1, SLICE_END: 2, INSTANT: 3, COUNTER: 4 } as const;

export const DebugAnnotation = { nameIid: 1, uintValue: 3, doubleValue: 5, stringValueIid: 17 } as const;

export const InternedData = {
  eventCategories: 1,
  eventNames: 2,
  debugAnnotationNames: 3,
  debugAnnotationStringValues: 29,
} as const;

/** The same in EventCategory, EventName, DebugAnnotationName and InternedString. */
export const Interned = { iid: 1, text: 2 } as const;
