/** A picture to try the service with. */
export interface ExamplePicture {
  /** What it shows. */
  text: string;
  width: number;
  height: number;
  /** A PNG file. */
  base64: string;
}

const SEVEN = [
  'iVBORw0KGgoAAAANSUhEUgAAAHAAAAB8AgMAAADMTNyjAAAADFBMVEUmJib///9+fn7MzMyCv6NdAAAACXBIWXMAAAsTAAALEwEA',
  'mpwYAAABi0lEQVRIx+3WMW7DMAwFUCZFhxTI2CNkcefuOUIGR/YQBD5CjqBLZO/szhmL5BK9RDtn8VBXKWCLn6QEdCsKa32wQH6J',
  'gmmbWTThhH8B+7YloqI9XxV+eBpXcQLcMwprAdiA0RwQPyR6Z1gJoyND9yvMbasLKl772+pCFHeilacxl0r2uX+LMZZE98nga6Ln',
  'JB6GTiwMUabP8zIUa+FYrIFuLNbA3VisgZuxWAObIXYLL0PsFnqaJTHEvkxiiH2VxBD7YxIPsViN61isxhi7gTF2jSx2jSx2iV+t',
  'jwOI2HkYQI77F3HfOTZyUjh6OWMMK8qgo8y2Tg2gva3Ryq2gB0/zvjtZrRTXcCYz83n7GVHPzkRmW/EzkejY7VJYstulsI7paNwQ',
  'pV/qhl09hWtoUyC2KRDbRKywTUSHbSKW2CZizSZMocgA8cAmTGGDGSBeMANEHx8SjSIDwIrPpkQZEKAMCHAnAgKsRUCAG7wkiDI9',
  'QJmewEVu2+U2U+1qm0nomPk3+Zz+wSb87/gN0cEqTOZW7uMAAAAASUVORK5CYII=',
].join('');

const NUMBER = [
  'iVBORw0KGgoAAAANSUhEUgAAAPQAAABoAgMAAAC75TVVAAAADFBMVEUnJyf///99fX3Dw8P4rLo/AAAACXBIWXMAAAsTAAALEwEA',
  'mpwYAAAEBElEQVRYw+2YsXLbMAyGYfk8ODmN2rNoaZpRux5Bg2Rp8Dl+BI25LuX1HbxnTq+jx1z1Etoz9prr6CVLKooAAdCq27uu',
  '0pIo5AfiB0EQClT/88BMz/RMz7R+Xv9Cv16CN9BfpB/geIFuIbtIG1hfoA2kAf3zqefhLQD0FxwP6ReASLpGE6YdDzxvQM3vhjd2',
  'fWeuVBQ6CKJmLL2k4dq+RcJR6ZcdXaodszqH54DjJcANC3/RftnJqaL3jk69jmhYMOGlhV+j7F7RxtGxH18P4lKOoNqCDhYqU635',
  '2zfwf80HsiVbaDkTslNFDxG/tvkVeeuHQd1COM5+WdkHRe9Hx2rvnhl+2aDUYgj4aSdyr+ANAFxrTUs63+w4eMtH65cPW86GANfK',
  '3MQEnV2gAz7jNwBhkhNNLrdIlyOQO08wXoZU1Szb0Swxw7isvCcbtJwTU4q8A17Lhj4VP52tEi3viW78viLt1mLaccX41uBWkarB',
  'TKxpvSbNbJAmiwmFPAvXJjpD+uA9olh42nDQiM5U1JzGEulE0TVAUJFr3A2akY/v5SiwwaUKv5vLsJ6/VioyOe5jPM7WY1tZLlVN',
  'pT0lepz3q1I7VoiQa7pDBR3qWSvLPfqQ/oGmgHTROW18FUqm6Zpy0EzQNJaLDVN0STk4QdNR8D6c0Q1NN0tHL2QdXWgfzug9pvsU',
  'TaGu5XYruqMMJnotLae+cOzM9QTtj/0EjdXHHuZ6KLJ3Z3TpM/ic9gVlSN8HvphABm2p6I2gt+CvrJXh6g5SGs12Oybpliw38HGs',
  '7quQ5lpJdCzyNCb6ZqQXAc3XHmZqKUsQWS7wZokCuuFj32GtXImAHpiOTg84F4RscVvIWjnKjiqmU1+eQMiO9Wls+CzynWuv43FG',
  'ouiNuGMdXfg/1ODdaF0/0wZ0I+53V0d8Bbe7nTDNNwXTQjZye4mIriPh2g0TstEy1wHDpw17FowJTMjGO4iqHLeGfPUHtJQ9vKxk',
  'FWnEnVs4gYHnUra7U7kO7EU9wSoRRE3KdkWs5L5KHBd0WdNKtiuuvsqVslF0omg/YEK2qzItZUgrx7aqP4IJ2dXYJ/oD28kxrMxo',
  'EGixuFLV9XoHfOXGqj/urQeR7jQ/AFw9V5U8xT2laaZE3bGrwL398Fz1ouFeetnv7yfZ2X9/o10A2WAPB//I3f2aPxMG1/pqohcH',
  '2QZzL9v5CbW2S24mstvzD7vLsvF5Fi1zpLoe/0Q+e9aqt+codkIVyKCJD4gfUU91xj8Ju34M1v56qj4/gk4aDpr8ajHjp4Civ41v',
  'n3TSEH31JOn7x9te92t39N129u2aQ2TD9QY6aSb6tcmvRtyqeyPbnX/9et+QN/WX+b8WMz3TMz3Tl5/ft9xsELcyTxUAAAAASUVO',
  'RK5CYII=',
].join('');

/** Drawn for this purpose, with a round pen on white. */
export const EXAMPLE_PICTURES = {
  digit: { text: '7', width: 112, height: 124, base64: SEVEN },
  number: { text: '2026', width: 244, height: 104, base64: NUMBER },
} satisfies Record<string, ExamplePicture>;
