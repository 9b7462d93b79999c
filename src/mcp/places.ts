/** Places known without a network, and the search in them: for the offline sample, and for "did you mean". */
import { UnknownPlace, type Place } from "./weather-schemas.ts";

/** `"48.85, 2.35"` is a place on its own. */
export function coordinates(location: string): Place | null {
  const match = /^\s*(-?\d+(?:\.\d+)?)\s*[,; ]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(location);
  if (!match) return null;
  const [latitude, longitude] = [Number(match[1]), Number(match[2])];
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) {
    throw new UnknownPlace(`"${location}" is no place: latitude is -90 to 90, longitude -180 to 180`);
  }
  return { name: `${latitude}, ${longitude}`, latitude, longitude };
}

export function findKnown(location: string): Place {
  const at = coordinates(location);
  if (at) return at;
  const [name = "", ...rest] = location.split(/[,，]/).map(plain);
  const found = gazetteer.filter((entry) => entry.names.some((known) => plain(known) === name));
  const place = found.find((entry) => matches(entry.place, rest)) ?? null;
  if (place === null) throw unknownPlace(location, "the offline sample knows a few big cities only");
  return place.place;
}

/** All that follows the name has to be the place's region or country. */
export function matches(place: Place, rest: readonly string[]): boolean {
  const whole = [place.region, place.country].map((word) => plain(word ?? ""));
  return rest.every(
    (word) => word === "" || whole.some((known) => known === word || initials(known) === word),
  );
}

export function unknownPlace(location: string, why?: string): UnknownPlace {
  const near = nearest(location);
  const hint = near.length > 0 ? `did you mean ${near.join(" or ")}?` : "give the name of a town or city";
  return new UnknownPlace(
    `no place called "${location}"${why ? ` (${why})` : ""}; ${hint} You can also give "latitude,longitude".`,
  );
}

/** At most three names that are spelled alike. */
function nearest(location: string): string[] {
  const asked = plain(location.split(/[,，]/)[0] ?? "");
  const far = Math.max(1, Math.floor(asked.length / 3));
  return gazetteer
    .map(({ place, names }) => ({
      place,
      far: Math.min(...names.map((name) => distance(plain(name), asked))),
    }))
    .filter((entry) => entry.far <= far)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ place }) => `${place.name}, ${place.country}`);
}

/** Small letters without accents and without spaces at the ends. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

function initials(text: string): string {
  const words = text.split(/\s+/).filter((word) => !["of", "the", "and"].includes(word));
  return words.length > 1 ? words.map((word) => word[0]).join("") : "";
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** name | other names | region | country | latitude | longitude */
const TABLE = `
Amsterdam||North Holland|Netherlands|52.37|4.89
Ankara|||Turkey|39.92|32.85
Athens|Athina,Αθήνα|Attica|Greece|37.98|23.73
Auckland|||New Zealand|-36.85|174.76
Austin||Texas|United States of America|30.27|-97.74
Bangkok|||Thailand|13.75|100.50
Barcelona||Catalonia|Spain|41.39|2.16
Beijing|北京,Peking|Beijing|China|39.90|116.40
Bengaluru|Bangalore|Karnataka|India|12.97|77.59
Berlin|柏林||Germany|52.52|13.41
Boston||Massachusetts|United States of America|42.36|-71.06
Brussels|Bruxelles,Brussel||Belgium|50.85|4.35
Buenos Aires|||Argentina|-34.61|-58.38
Cairo|||Egypt|30.06|31.25
Cape Town||Western Cape|South Africa|-33.93|18.42
Chengdu|成都|Sichuan|China|30.67|104.07
Chicago||Illinois|United States of America|41.88|-87.63
Chongqing|重庆|Chongqing|China|29.56|106.55
Copenhagen|København||Denmark|55.68|12.57
Delhi|New Delhi|Delhi|India|28.65|77.23
Denver||Colorado|United States of America|39.74|-104.98
Dubai|||United Arab Emirates|25.08|55.31
Dublin||Leinster|Ireland|53.33|-6.25
Edinburgh||Scotland|United Kingdom|55.95|-3.20
Frankfurt|Frankfurt am Main|Hesse|Germany|50.12|8.68
Geneva|Genève|Geneva|Switzerland|46.20|6.15
Guangzhou|广州|Guangdong|China|23.12|113.25
Hamburg|||Germany|53.55|9.99
Hangzhou|杭州|Zhejiang|China|30.29|120.16
Hanoi|||Vietnam|21.02|105.84
Helsinki|||Finland|60.17|24.94
Hong Kong|香港||Hong Kong|22.28|114.17
Honolulu||Hawaii|United States of America|21.31|-157.86
Istanbul|||Turkey|41.01|28.95
Jakarta|||Indonesia|-6.21|106.85
Johannesburg||Gauteng|South Africa|-26.20|28.04
Kyiv|Kiev||Ukraine|50.45|30.52
Kyoto|京都||Japan|35.02|135.75
Lagos|||Nigeria|6.45|3.39
Lima|||Peru|-12.04|-77.03
Lisbon|Lisboa||Portugal|38.72|-9.13
London|伦敦|England|United Kingdom|51.51|-0.13
Los Angeles|LA,洛杉矶|California|United States of America|34.05|-118.24
Lyon||Auvergne-Rhône-Alpes|France|45.75|4.85
Madrid|||Spain|40.42|-3.70
Manchester||England|United Kingdom|53.48|-2.24
Manila|||Philippines|14.60|120.98
Melbourne||Victoria|Australia|-37.81|144.96
Mexico City|Ciudad de México||Mexico|19.43|-99.13
Miami||Florida|United States of America|25.77|-80.19
Milan|Milano|Lombardy|Italy|45.46|9.19
Montreal|Montréal|Quebec|Canada|45.51|-73.59
Moscow|Москва||Russia|55.75|37.62
Mumbai|Bombay|Maharashtra|India|19.07|72.88
Munich|München,Muenchen|Bavaria|Germany|48.14|11.58
Nairobi|||Kenya|-1.28|36.82
Nanjing|南京|Jiangsu|China|32.06|118.78
New York|New York City,NYC,纽约|New York|United States of America|40.71|-74.01
Osaka|大阪||Japan|34.69|135.50
Oslo|||Norway|59.91|10.75
Paris|巴黎|Île-de-France|France|48.85|2.35
Paris||Texas|United States of America|33.66|-95.56
Perth||Western Australia|Australia|-31.95|115.86
Prague|Praha||Czechia|50.09|14.42
Reykjavik|Reykjavík||Iceland|64.14|-21.90
Rio de Janeiro|Rio||Brazil|-22.91|-43.18
Rome|Roma|Lazio|Italy|41.89|12.51
San Francisco|SF,旧金山|California|United States of America|37.77|-122.42
Santiago|||Chile|-33.46|-70.65
São Paulo|||Brazil|-23.55|-46.64
Seattle||Washington|United States of America|47.61|-122.33
Seoul|서울,首尔||South Korea|37.57|126.98
Shanghai|上海|Shanghai|China|31.22|121.46
Shenzhen|深圳|Guangdong|China|22.55|114.07
Singapore|新加坡||Singapore|1.29|103.85
Stockholm|||Sweden|59.33|18.07
Sydney|悉尼|New South Wales|Australia|-33.87|151.21
Taipei|台北||Taiwan|25.05|121.53
Tel Aviv|||Israel|32.08|34.78
Tokyo|東京,东京||Japan|35.69|139.69
Toronto||Ontario|Canada|43.70|-79.42
Vancouver||British Columbia|Canada|49.25|-123.12
Venice|Venezia|Veneto|Italy|45.44|12.33
Vienna|Wien||Austria|48.21|16.37
Warsaw|Warszawa||Poland|52.23|21.01
Washington|Washington D.C.,Washington DC|District of Columbia|United States of America|38.90|-77.04
Wellington|||New Zealand|-41.29|174.78
Wuhan|武汉|Hubei|China|30.58|114.27
Xi'an|西安,Xian|Shaanxi|China|34.26|108.93
Zurich|Zürich|Zurich|Switzerland|47.37|8.55
`;

type Entry = { readonly place: Place; readonly names: readonly string[] };

const gazetteer: readonly Entry[] = TABLE.trim()
  .split("\n")
  .map((row) => {
    const [name = "", others = "", region, country, latitude, longitude] = row.split("|");
    const names = [name, ...others.split(",").filter((other) => other !== "")];
    const place: Place = {
      name,
      ...(region && { region }),
      ...(country && { country }),
      latitude: Number(latitude),
      longitude: Number(longitude),
    };
    return { place, names };
  });
