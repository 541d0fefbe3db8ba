import { type Figures, PICTURES_FOLDER, type PictureFigures, type PictureName } from '../../core/figures.js';
import { plain } from './markdown.js';

interface Words {
  /** What stands for the picture where it is not seen. */
  alt: string;
  /** The line below it, Markdown. */
  caption: string;
}

/** A picture with its caption; nothing where the card has no such picture. */
export function picture(
  pictures: Figures['pictures'],
  name: PictureName,
  describe: (picture: PictureFigures) => Words,
): string[] {
  const shown = pictures[name];
  if (!shown) return [];
  const { alt, caption } = describe(shown);
  return [`![${plain(alt)}](${PICTURES_FOLDER}/${name}.png)`, `*${caption}*`];
}
