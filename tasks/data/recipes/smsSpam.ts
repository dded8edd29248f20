import { type Recipe, textOf } from "../recipe.js";

const ORIGINAL = "SMSSpamCollection.csv";
/** Which that copy has before the messages. */
const HEADER = "Label\tSMS\n";

/** The messages without that copy's header line, which the collection as published has not. */
export const smsSpam: Recipe = {
  originals: [
    {
      name: ORIGINAL,
      bytes: 477917,
      sha256: "fae7ea7d915ef73903e5c2f46ffa2f4a39909a574e20fda4f2b81f7cb1e15e1f",
      download:
        "https://raw.githubusercontent.com/hamzaaacodes/sms-spam-collection/f3e73e1e74e6330b62d1ee1983bba2a063184c26/SMSSpamCollection",
    },
  ],
  convert: (originals) =>
    new Map([["SMSSpamCollection", Buffer.from(textOf(originals, ORIGINAL).slice(HEADER.length))]]),
};
