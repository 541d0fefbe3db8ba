import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { DigitClassifierElement, DigitClassifierEventMap } from './index.js';

/** `ondigit-change` and the like: React 19 listens to events of custom elements by such props. */
type EventProps = {
  [Type in keyof DigitClassifierEventMap as `on${Type}`]?: (event: DigitClassifierEventMap[Type]) => void;
};

type Own = Omit<DigitClassifierElement, keyof HTMLElement>;

type Method = (...parameters: never[]) => unknown;

/** `Name` where it can be set; two types are the same to TypeScript only where their `readonly` is. */
type Settable<Name extends keyof Own> =
  (<T>() => T extends { [K in Name]: Own[K] } ? 1 : 2) extends <T>() => T extends {
    -readonly [K in Name]: Own[K];
  }
    ? 1
    : 2
    ? Name
    : never;

/** What the element has of its own, is no method and can be set. */
type PropertyProps = {
  [Name in keyof Own as Own[Name] extends Method ? never : Settable<Name>]?: Own[Name];
};

/** What `<digit-classifier>` takes in JSX. */
export type DigitClassifierProps = DetailedHTMLProps<
  HTMLAttributes<DigitClassifierElement>,
  DigitClassifierElement
> &
  PropertyProps &
  EventProps;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'digit-classifier': DigitClassifierProps;
    }
  }
}
