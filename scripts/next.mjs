// What npm start ends with.
console.log(
  "\nSee every loss, change it on your own numbers, and train networks in the browser:  npx seqloss lab   opens at http://localhost:4173/",
);
