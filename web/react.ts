import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { DigitClassifierElement, DigitClassifierEventMap } from './index.js';

/** `ondigit-change` and the like: React 19 listens to events of custom elements by such props. */
type EventProps = {
  [Type in keyof DigitClassifierEventMap as `on${Type}`]?: (event: DigitClassifierEventMap[Type]) => void;
};

type Own = Omit<DigitClassifierElement, keyof HTMLElement>;

/** What the element has of its own and is no method. */
type PropertyProps = {
  [Name in keyof Own as Own[Name] extends (...parameters: never[]) => unknown ? never : Name]?: Own[Name];
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
