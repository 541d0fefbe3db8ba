/** What the service writes its log to: pino, or anything with these. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** Where it is missing every line is written. */
  isLevelEnabled?(level: 'info'): boolean;
}

const toStandardError = (fields: object, message: string): void => console.error(message, fields);

/** Failures to standard error, and nothing else. */
export const CONSOLE: Logger = {
  info() {},
  warn: toStandardError,
  error: toStandardError,
  isLevelEnabled: () => false,
};
