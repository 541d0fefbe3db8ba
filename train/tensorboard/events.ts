import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/**
 * The messages of TensorBoard's event files, as far as a run needs them: `Event` of `tensorflow/core/util/event.proto`
 * and `Summary` of `tensorflow/core/framework/summary.proto`. Their field numbers stand below as they do there.
 */

/** A picture of a summary. */
export interface Picture {
  /** Pixels. */
  width: number;
  height: number;
  /** A grey PNG. */
  png: Uint8Array;
}

/** One value under its tag: the part of a tag before a slash is the section of the page that it stands in. */
export type SummaryValue = { tag: string } & ({ scalar: number } | { picture: Picture });

/** What an event may carry, by kind. */
export interface EventContents {
  /** The first event of every file. */
  fileVersion: string;
  /** A GraphDef, encoded. */
  graph: Uint8Array;
  summary: readonly SummaryValue[];
  /** That a process goes on from here: what earlier ones told of this step and later ones is void. */
  start: true;
}

export type EventKind = keyof EventContents;

/** One event, told apart by `kind`. */
export type LogEvent<Kind extends EventKind = EventKind> = {
  [K in Kind]: {
    /** Seconds since 1970. */
    wallTime: number;
    /** Training steps done, from 1 on; 0 before the first. */
    step: number;
    kind: K;
    content: EventContents[K];
  };
}[Kind];

/** The version that TensorBoard's readers know; they read what came before it otherwise. */
export const FILE_VERSION = 'brain.Event:2';

/** `Event.wall_time`, `Event.step` and `Event.session_log`. */
const WALL_TIME = 1;
const STEP = 2;
const SESSION_LOG = 7;
/** `SessionLog.SessionStatus`. */
const START = 1;
/** `Summary.Image.colorspace` */
const GREY = 1;

/** Writes a message inside another one, or anything else whose length precedes it. */
export function nested(writer: BinaryWriter, field: number, write: (writer: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
}

type WriteContent<Kind extends EventKind> = (writer: BinaryWriter, content: EventContents[Kind]) => void;

/** The member of `Event.what` that each kind is. */
const CONTENTS: { [Kind in EventKind]: WriteContent<Kind> } = {
  fileVersion: (writer, version) => writer.tag(3, WireType.LengthDelimited).string(version),
  graph: (writer, graph) => writer.tag(4, WireType.LengthDelimited).bytes(graph),
  summary: (writer, values) =>
    nested(writer, 5, (summary) => {
      for (const value of values) nested(summary, 1, (inner) => writeValue(inner, value));
    }),
  start: (writer) => nested(writer, SESSION_LOG, (session) => session.tag(1, WireType.Varint).int32(START)),
};

/** `Summary.Value` */
function writeValue(writer: BinaryWriter, value: SummaryValue): void {
  writer.tag(1, WireType.LengthDelimited).string(value.tag);
  if ('scalar' in value) {
    writer.tag(2, WireType.Bit32).float(value.scalar);
    return;
  }
  const { width, height, png } = value.picture;
  nested(writer, 4, (image) => {
    image.tag(1, WireType.Varint).int32(height);
    image.tag(2, WireType.Varint).int32(width);
    image.tag(3, WireType.Varint).int32(GREY);
    image.tag(4, WireType.LengthDelimited).bytes(png);
  });
}

/** The bytes of an `Event`; its wall time is the first field, bytes 1 to 8. */
export function encodeEvent({ wallTime, step, kind, content }: LogEvent): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(WALL_TIME, WireType.Bit64).double(wallTime);
  if (step > 0) writer.tag(STEP, WireType.Varint).int64(step);
  // The table has one entry a kind; TypeScript cannot see that the entry looked up is the content's own.
  (CONTENTS[kind] as WriteContent<EventKind>)(writer, content as never);
  return writer.finish();
}
