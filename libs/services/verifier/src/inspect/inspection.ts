/** One field of something that is shown, not judged. */
export interface InspectedField {
  readonly name: string;
  /** Numbers in decimal, byte strings in lower-case hex, times in ISO 8601. */
  readonly value: string;
  /** What the value stands for. */
  readonly meaning?: string;
  /** Where it stands, in bytes from the start; binary structures only. */
  readonly offset?: number;
  readonly size?: number;
}

export interface InspectedSection {
  readonly title: string;
  readonly fields: readonly InspectedField[];
}

export interface Inspection {
  readonly sections: readonly InspectedSection[];
  /** Where reading had to stop, and why. */
  readonly fault?: string;
}

export const field = (name: string, value: string, meaning?: string): InspectedField => ({
  name,
  value,
  ...(meaning === undefined || meaning === '' ? {} : { meaning }),
});
