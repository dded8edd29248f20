import type { DataFile, DataSet } from "./dataSet.js";
import { an4 } from "./recipes/an4.js";
import { englishEwt } from "./recipes/englishEwt.js";
import { entree } from "./recipes/entree.js";
import { fsdd } from "./recipes/fsdd.js";
import { smsSpam } from "./recipes/smsSpam.js";
import { tatoeba } from "./recipes/tatoeba.js";
import { unipen } from "./recipes/unipen/unipen.js";

/** Size and checksum of what a file holds; and where its bytes can be had, where they are published in this very form. */
const file = (name: string, bytes: number, sha256: string, download?: string): DataFile => ({
  name,
  bytes,
  sha256,
  ...(download !== undefined && { download }),
});

/** A file of a public repository at a pinned commit. */
const at = (path: string): string => `https://raw.githubusercontent.com/${path}`;

const ETT = "zhouhaoyi/ETDataset/1d16c8f4f943005d613b5bc962e9eeb06058cf07/ETT-small";
const SIGMORPHON = "sigmorphon/2021-task1/821bcdece5a47820872215969f275004b0abe80c/data/medium";
const SNIPS = "MiuLab/SlotGated-SLU/61f0307c729b1fad479ef1de94aa5ac5dee601b0/data/snips";
const AN4 = "cphazen/Machine-Learning-Project-ASR/5e478f0ee6c5b060edf702acdd563948cad5545f/an4/etc";
const ENTREE = "adityaraute/Restaurant-Recommender/1614005a768d8d3f04f04f89fc6a61905c716f28/entree/data";
const SHAKESPEARE = "karpathy/char-rnn/6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/data/tinyshakespeare";

/** The data sets that tasks use from outside the project, by name. */
export const dataSets = {
  an4: {
    name: "an4",
    holds: "48 minutes of spelled names, addresses and numbers, as 13 MFCC a frame",
    licence: "BSD-like (CMU)",
    attribution: "Carnegie Mellon University, 1991-2005",
    home: "github.com/cphazen/Machine-Learning-Project-ASR, folder an4, commit 5e478f0",
    converted: "the .mfc files became one array of int16",
    recipe: an4,
    files: [
      file("an4-mfcc13-int16le.bin.gz", 7520552, "7abbc998f9f072def017f1e8e45e8a7ca26789830d22a96259872e4b7644cd63"),
      file("an4.dic", 4145, "fc9bdde3129339f4cb7c0f8938e2dc569b640155cad994c8aab032b25fcccd5d", at(`${AN4}/an4.dic`)),
      file("index.json", 119833, "90ea103a5632efdb6084c2e44c03b5fae55fe06448c321130721502a6b3b04fc"),
    ],
  },
  "co2-maunaloa": {
    name: "co2-maunaloa",
    holds: "741 months of CO2 in the air",
    licence: "CC BY 4.0",
    attribution: "Scripps CO2 Program (C. D. Keeling et al.)",
    home: "the npm package vega-datasets 3.2.1, data/co2-concentration.csv",
    npm: { name: "vega-datasets", folder: "data" },
    files: [file("co2-concentration.csv", 18547, "c1a4a970864145940a28225cae288618b156cb32f9a2a1b6606ba7124134febb")],
  },
  "entree-chicago": {
    name: "entree-chicago",
    holds: "50,672 sessions of a restaurant recommender, 1996 to 1999",
    licence: "CC BY 4.0",
    attribution: "Robin Burke, UCI Machine Learning Repository, 2000",
    home: "UCI Machine Learning Repository, Entree Chicago Recommendation Data; github.com/adityaraute/Restaurant-Recommender, folder entree, commit 1614005",
    converted: "12 files joined and sorted by time, hosts replaced by numbers, steps logged twice written once",
    recipe: entree,
    files: [
      file(
        "chicago.txt",
        43680,
        "f7ab1a2e5e1bfa4b4b380cb6096395bbbf60499879867c3fc038b142c5e164d1",
        at(`${ENTREE}/chicago.txt`),
      ),
      file(
        "features.txt",
        4376,
        "3e90e078fa3dc98b39bf58b3953c1010cd21ae4d8a122979448bcad74badde42",
        at(`${ENTREE}/features.txt`),
      ),
      file("sessions.tsv.gz", 2473970, "b4939ee6f096a8900fef32cbcacbb9bc6573c95a04638d3c6e558a801b8a15fa"),
    ],
  },
  ett: {
    name: "ett",
    holds: "17,420 hours of a transformer's load and oil temperature (ETTh1)",
    licence: "CC BY-ND 4.0",
    attribution: "H. Zhou et al., Informer, AAAI 2021",
    home: "github.com/zhouhaoyi/ETDataset, commit 1d16c8f",
    files: [
      file(
        "ETTh1.csv",
        2589657,
        "f18de3ad269cef59bb07b5438d79bb3042d3be49bdeecf01c1cd6d29695ee066",
        at(`${ETT}/ETTh1.csv`),
      ),
    ],
  },
  fsdd: {
    name: "fsdd",
    holds: "1,500 spoken digits of 6 speakers, 8 kHz",
    licence: "CC BY-SA 4.0",
    attribution: "Z. Jackson et al., Free Spoken Digit Dataset, doi 10.5281/zenodo.1342401",
    home: "github.com/Jakobovski/free-spoken-digit-dataset, commit 26eb9aa",
    converted: "samples of recordings 0 to 24 laid end to end, without WAV headers",
    recipe: fsdd,
    files: [
      file("fsdd-pcm16le-8k.bin.gz", 10497956, "b9b59187793b477fc7bc8270d323b34aeb31e6abaa44502642b4975cfdab4d11"),
      file("index.json", 81361, "5e7f6857af9a34234de665d131026c1caf66a852b6bb1fc3f58ab0e6f2ebd0c0"),
    ],
  },
  "sigmorphon2021-g2p": {
    name: "sigmorphon2021-g2p",
    holds: "40,000 words of four languages with their pronunciations",
    licence: "CC BY-SA 3.0",
    attribution: "Wiktionary contributors; WikiPron (Lee et al., LREC 2020); L. F. E. Ashby et al., SIGMORPHON 2021",
    home: "github.com/sigmorphon/2021-task1, folder data/medium, commit 821bcde",
    files: [
      file(
        "dut_dev.tsv",
        26360,
        "77a896e9510b6ebc610a9bc6a1bf32a06bc85489e9056caf77d996bb107318aa",
        at(`${SIGMORPHON}/dut_dev.tsv`),
      ),
      file(
        "dut_test.tsv",
        25992,
        "eb31a13e8f797f1bda23194689805c8ea0cd6960e86f739d1e818f1815c287ae",
        at(`${SIGMORPHON}/dut_test.tsv`),
      ),
      file(
        "dut_train.tsv",
        211071,
        "08d327412cbf809a4cf894e015975d91588a38e8e05fb86450f42a4a38e534b8",
        at(`${SIGMORPHON}/dut_train.tsv`),
      ),
      file(
        "fre_dev.tsv",
        22895,
        "3b42f14f318367dd94faa6d59e8fafabd845a3998800b6ce71a7c67e999490da",
        at(`${SIGMORPHON}/fre_dev.tsv`),
      ),
      file(
        "fre_test.tsv",
        23087,
        "6202c2b7b8d5fbd76a4d40373f9564a9946671dab617438b534bd47c64071c92",
        at(`${SIGMORPHON}/fre_test.tsv`),
      ),
      file(
        "fre_train.tsv",
        182424,
        "e9de4f5125d2478e50506c5ed278f69d5fb17d8d213f99f845305c24e28a55c2",
        at(`${SIGMORPHON}/fre_train.tsv`),
      ),
      file(
        "hun_dev.tsv",
        28113,
        "a2892c27cf6d3075aacdd195c02bf34f8b509bcc08bb230b758d7978a7d920d0",
        at(`${SIGMORPHON}/hun_dev.tsv`),
      ),
      file(
        "hun_test.tsv",
        28355,
        "e9ec4ba9c89808864e6518e529e21cda6fe51287ad7a5a1fc23668cc64f31159",
        at(`${SIGMORPHON}/hun_test.tsv`),
      ),
      file(
        "hun_train.tsv",
        226536,
        "cd6bea5ae552bc73a63abf459af5f41d27c1c276b4a15de49f1fffd23ee4d363",
        at(`${SIGMORPHON}/hun_train.tsv`),
      ),
      file(
        "kor_dev.tsv",
        31598,
        "b1d22601f9b485f9b693dd82d832cb18695edb8a6a6ec6353d16ad729409b839",
        at(`${SIGMORPHON}/kor_dev.tsv`),
      ),
      file(
        "kor_test.tsv",
        30798,
        "341c4691b635f300822f89334d774023702eb64bf3d827562da25862de699ff2",
        at(`${SIGMORPHON}/kor_test.tsv`),
      ),
      file(
        "kor_train.tsv",
        248512,
        "0623be3d687864b534043585e50b1ac238b7d5564f1e7450b40be3df7329ff7c",
        at(`${SIGMORPHON}/kor_train.tsv`),
      ),
    ],
  },
  "sms-spam": {
    name: "sms-spam",
    holds: "5,574 text messages, 747 of them spam",
    licence: "CC BY 4.0",
    attribution: "T. A. Almeida, J. M. Gómez Hidalgo, A. Yamakami, DocEng 2011",
    home: "UCI Machine Learning Repository, SMS Spam Collection, doi 10.24432/C5CC84; github.com/hamzaaacodes/sms-spam-collection, commit f3e73e1",
    converted: "the header line of that copy left out",
    recipe: smsSpam,
    files: [file("SMSSpamCollection", 477907, "7d039a24a6083ed9ef0f806ebad56bbb976e3aeb8de05669173bfdc4996c239d")],
  },
  "snips-slots": {
    name: "snips-slots",
    holds: "14,484 spoken commands with slots and intents",
    licence: "CC0 1.0",
    attribution: "A. Coucke et al., Snips Voice Platform, 2018; split: C.-W. Goo et al., NAACL 2018",
    home: "github.com/sonos/nlu-benchmark, commit b86ac7f; split: github.com/MiuLab/SlotGated-SLU, folder data/snips, commit 61f0307",
    files: [
      file(
        "test.label",
        10120,
        "37a26da3ad079bb41c42c85a3a8f827eb47efec4c5917ce5d08f4b2736e4f830",
        at(`${SNIPS}/test/label`),
      ),
      file(
        "test.seq.in",
        33121,
        "c1e341173fcea2951a8ca371956a6f81c76de87b9583c62eb87edd6158fa3a7c",
        at(`${SNIPS}/test/seq.in`),
      ),
      file(
        "test.seq.out",
        50918,
        "58c07c9097d5e1f78889765c2a535a160f6455b90b3142055c8051847afcca47",
        at(`${SNIPS}/test/seq.out`),
      ),
      file(
        "train.label",
        184532,
        "bfd7df6cf9dd76c5da5d8b61bc85f90386197bdd3d7510c1d324c051537b962f",
        at(`${SNIPS}/train/label`),
      ),
      file(
        "train.seq.in",
        617079,
        "04ad1e3f2121d83c6478f9a4b17d2dbdc21d06d6127f73cb7af835ed733f9855",
        at(`${SNIPS}/train/seq.in`),
      ),
      file(
        "train.seq.out",
        950926,
        "fd5f2121d8055827e5d6b3d3bac30f3d7e94e82a5d437751960cbdd9e1b4f6d3",
        at(`${SNIPS}/train/seq.out`),
      ),
      file(
        "valid.label",
        9900,
        "9c1dd041216f647bcfca838aaf1a48eb5781e4404256d31ff07cd38a5436c52f",
        at(`${SNIPS}/valid/label`),
      ),
      file(
        "valid.seq.in",
        33629,
        "64e0f6d8ad8aab3a3828164d7d53731a0993d3ca1aed437ceaca6d3d568d410e",
        at(`${SNIPS}/valid/seq.in`),
      ),
      file(
        "valid.seq.out",
        50626,
        "712e6d34feb8d52d208b820a5f8bae6e6ff990f08374507dfde22de389088319",
        at(`${SNIPS}/valid/seq.out`),
      ),
    ],
  },
  "tatoeba-eng-fra": {
    name: "tatoeba-eng-fra",
    holds: "97,746 short English sentences with French ones",
    licence: "CC BY 2.0",
    attribution: "www.manythings.org/anki and tatoeba.org",
    home: "www.manythings.org/anki, fra-eng.zip; github.com/genimind/seq2seq, commit 4f3f8eb",
    converted: "short pairs kept, split by English sentence",
    recipe: tatoeba,
    files: [
      file("eng-fra.dev.tsv.gz", 105008, "653925b74cafbe78b7f9aea1f87641abe01820ac9ddaa98a200327d5a2c5cb02"),
      file("eng-fra.test.tsv.gz", 166126, "48fd4b45c2de36190eaac3e19fcac0e1c23f8e07e1f249c9753b2fafc978c74a"),
      file("eng-fra.train.tsv.gz", 5284989, "f39804ba139842cba6ad8168ba4ebc07fa5b8c0b48928e4ff71322830825d1ce"),
    ],
  },
  tinyshakespeare: {
    name: "tinyshakespeare",
    holds: "1,115,394 characters of Shakespeare's plays",
    licence: "public domain",
    attribution: "A. Karpathy, char-rnn, 2015",
    home: "github.com/karpathy/char-rnn, commit 6f9487a",
    files: [
      file(
        "input.txt",
        1115394,
        "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
        at(`${SHAKESPEARE}/input.txt`),
      ),
    ],
  },
  "ud-english-ewt": {
    name: "ud-english-ewt",
    holds: "16,622 English sentences with parts of speech",
    licence: "CC BY-SA 4.0",
    attribution: "Universal Dependencies English Web Treebank, Stanford University; Silveira et al., LREC 2014",
    home: "github.com/UniversalDependencies/UD_English-EWT, commit 15d613d",
    converted: "the columns FORM and UPOS alone",
    recipe: englishEwt,
    files: [
      file("en_ewt-upos.dev.tsv.gz", 253533, "ac7b79f3411079d8dca268d824ce4b36e25c9ba839ccd64067024d2ac18fba8d"),
      file("en_ewt-upos.test.tsv.gz", 252876, "ead3f5bc8fe6026fa56cebf36b682bf79b165ff19762ad2bed0120039f6033ad"),
      file("en_ewt-upos.train.tsv.gz", 2041590, "f66337dc7c394a1f497ddce9714c77f2bb296eb3721e01ed313d5a40eb5db6c9"),
    ],
  },
  unipen: {
    name: "unipen",
    holds: "15,808 words and 1,920 more, 1,401 digit strings and 15,953 digits as pen strokes",
    licence: "CC BY 4.0",
    attribution: "I. Guyon et al., UNIPEN, ICPR 1994; International Unipen Foundation",
    home: "doi 10.5281/zenodo.1195803; github.com/GreenCappuccino/train_r01_v07, commit 552a4d4",
    converted: "segments cut out, points thinned, writers renamed",
    recipe: unipen,
    files: [
      file("digits-isolated.test.jsonl.gz", 493143, "0982cd98f6315c3212aab5f9d16823b3b444327565b2a9e76e8c45b5833ebc4b"),
      file(
        "digits-isolated.train.jsonl.gz",
        2653057,
        "b6324eee35ec9e84377f9e57fc9e4737d3363d38f2fafc48f5600a5af88f7d87",
      ),
      file(
        "digits-isolated.valid.jsonl.gz",
        177841,
        "a6da35507e7e0c452a082a66232a1b1763f8a8d47858eed81a37790f45d3a7b2",
      ),
      file("digits-strings.test.jsonl.gz", 279212, "f80550f04f7553a91d3dedc4d899264fec276d2e3b88b12b67a5a7a8e73dd8b8"),
      file(
        "digits-strings.train.jsonl.gz",
        1058513,
        "a7e9fd9e0d3c87d6bc1dfe1241e2c2c984c6f8a72f19f3f5bbcf9e398d0efae9",
      ),
      file("digits-strings.valid.jsonl.gz", 106502, "683c21fa145185e9c39ca255365478b64334aaa11170594a87dc7ba96bb1ac7f"),
      file("words-hp.test.jsonl.gz", 2039845, "f52ad3c46fdb414eb3f784062a63662fda94fb1b0688f78faae2a5d62e047e59"),
      file("words-stanford.test.jsonl.gz", 884599, "b6952acd697eb38d9aa7ab617c6e71470ac2061da345dba47f72481a8bb31e9c"),
      file(
        "words-stanford.train.jsonl.gz",
        4716204,
        "0b2f5465a44eea97e254df279e8220c4a3a0cf3f28c02eee701cf70d2ad89f29",
      ),
      file("words-stanford.valid.jsonl.gz", 902195, "527282299e30f2a79143ab53cc41c2014dca6d5a289df1041ab25361381ab883"),
    ],
  },
} as const satisfies Readonly<Record<string, DataSet>>;

export type DataSetName = keyof typeof dataSets;
