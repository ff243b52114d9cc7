// The zone the customer's pages tell their times in: nobody is signed in there who could have chosen one. The server reads
// it with the next page; without it, times are the company's.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (/^[A-Za-z0-9_+/-]{1,64}$/.test(zone ?? "")) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `throughline_zone=${zone}; path=/portal; max-age=31536000; samesite=lax${secure}`;
}
