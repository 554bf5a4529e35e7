//! Makes up for text that there is none of: writes sentences in another script by rule (Arabic in
//! Latin letters as people type it, Azerbaijani and Malay in Arabic letters), and lists words.

use super::random::Random;

/// Frequent words of Arabic in Latin letters, as they are typed from Rabat to Baghdad.
const ARABIZI: &str = "ana inta enta enti inti howa huwa hiya heya ehna e7na i7na nahnu antum entou \
    homma humma hna nta nti wa we w fi fe fil fel min men mn 3ala 3la 3al ila ela la2 laa la ma mafi \
    mafish ma3 ma3a m3a ma3ak ma3aya bas bss kan kanat kant kano kanu mish mesh msh mush mosh moush \
    shu shou sho chou chnou shnou eh eih aywa aiwa na3am ah ay leh leih lesh leish 3alash 3lash kif \
    keef kifak kefak kifik izzayak ezayak ezzayek keefek labas wash wach ach ash feen fein fen wen wein \
    win emta imta mata ayna hayda hayde hada hadi hay da di de dol dah dih elly elli illi li lli alli \
    ya yalla yallah wallah wallahi walla inshallah in sha allah insha2allah mashallah ma sha allah \
    alhamdulillah el hamdulillah hamdella hamdlah subhanallah bismillah salam salaam assalamu 3alaykum \
    alaikum 3aleikum ahlan ahla sahlan marhaba mar7aba sabah saba7 sbah elkheir el5er masa2 massa tisbah \
    habibi 7abibi habibti 7abibti hbibi albi 2albi galbi rouhi ro7i 3omri omri 7ayati hayati 3aini 3oyouni \
    ktir kteer kathir ktar bezzaf bzaf awi 2awi shwayya shway chwiya shwaya khalas 5alas khlas khallas \
    baddi biddi beddi badi bidi badak bidak 3ayez 3ayz 3awez 3ayza 3awza abgha abi abghi b8a bghit bghiti \
    nhar yom youm lyoum ilyom elnaharda enaharda innaharda bukra bokra bukrah ghadan ghodwa mbare7 \
    imbare7 embare7 ams dilwa2ti delwa2ty halla2 hala2 halla hallak alhin al7in elheen taw tawa daba \
    keda kda kida heik hek haik hakka hakda zay zayy mithl mitl metl bhal 7atta hatta lissa lessa ba3d \
    ba3den ba3dein b3d 2abl abl qabl gabl kol kull kel kulluh kolo kulshi kolshi kullo wahed wa7ed wa7da \
    wahda tnein tlata talata arba3a khamsa 5amsa setta saba3a sab3a tamanya tes3a 3ashra miyya alf \
    beit bait bayt dar shoghol shughl sho8l madrasa madrase jam3a jame3a tari2 tareeq share3 shari3 balad \
    bled blad watan nas ennas elnas ness ragil ragel rajol rajul mara mar2a imra2a bint bent banat walad \
    wlad awlad shabab chabab akh akhi a5i akhoy khoya khouya okhti okhty o5ti ukhti umm ommi omi mama baba \
    abouya abi jaddi jeddo teta 3ammo 3ami khalti sadiqi sadi2i sa7bi sahbi as7ab ashab asdiqa2 ism ismi \
    esmi ismak esmak kalam klam kalimat allah rabb rabbi rabena rabbena dunya donia donya hayat 7ayat mot \
    hob 7ob hubb 7obb sa3a sa3at wa2t wa9t waqt sana sane 3am layl leil lil shams amar 2amar qamar bahr \
    ba7r mayya mayy moya may akl akel 2ahwa ahwa qahwa gahwa shay chai khobz 5obz lahm la7m samak flous \
    fulus floos masari masary sayyara sayara siyara 3arabiyya 3arabi arabi 3araby masr masri lubnan libnan \
    lebnan suriya souria filastin falasteen 7alab dimashq bayrut beirut al2ahira elqahira baghdad 3iraq \
    maghreb tunes tounes jaza2ir dzair sa3udiya sa3oudia khalij el al wel bel lel 3ashan 3ashen 3shan \
    minshan mishan menchan liannu la2anno la2enno li2anna anna inna enno inno law lau iza 2iza eza idha \
    lamma lama 7in hin wala aw walla yimkin yemken mumkin momken lazim lazem laazem daroori 6ab3an tab3an \
    akid akeed kwayyes kwayes kways kuwayyis mnih mni7 mlih mzyan mezyan 7elw helou helw 7ilwa jamil jameel \
    kbir kebir kabir sghir saghir za3lan mabsout mabsut ta3ban ta3bana mrid 3ayyan jo3an 3atshan sa3id \
    bahebak ba7ebak ba7ebbik bahebbik uhibbuka bt7ebni rouh roo7 ruh rayeh raye7 ray7 jay gay geit ijit \
    t3al ta3al ta3ala ta3ali imshi emshi shuf shoof chouf shouf isma3 sma3 esma3 2oul qul oul goul galli \
    2alli 2al qal gal gale a3ref ba3ref 3aref a3raf arif ma3rafsh fahem fhemt fhimt mafhoum";

/// Frequent words of Southern Sotho, of which there is next to no text.
const SESOTHO: &str = "ho ha hore hobane haholo empa kapa le la ka ke o ba e di tsa ya wa sa bo mo se re \
    ne ile tla tlo ntse bile neng nang mang eng hona hape feela jwale jwalo jwalokaha jwang hantle \
    hammoho pele morao hodimo tlase hare kantle mona moo mane teng ena eo eno tsena tseo bana bao bona yena \
    nna wena rona lona batho motho ngwana ntate mme mosadi monna basadi banna moshanyana ngwanana mohlankana \
    abuti ausi nkgono ntatemoholo metswalle motswalle mosebetsi mesebetsi sekolo dikolo moithuti baithuti \
    titjhere buka dibuka puo dipuo lentswe mantswe naha dinaha mmuso puso molao melao toka tokoloho ditokelo \
    tokelo khotso lefatshe lehodimo letsatsi kgwedi selemo dilemo matsatsi beke hoseng bosiu kajeno maobane \
    hosane motse metse ntlo matlo tsela ditsela metsi mollo moya pula lehlabula mariha dijo nama bohobe lebese \
    tjhelete ditjhelete theko kgwebo toropo sepetlele ngaka bophelo lefu bohloko kgolo kgolohadi nnyane ntle \
    tle mpe thata bonolo ntjha kgale ngata ngwe nngwe mong tsohle bohle kaofela etsa etsang entse bua buile bolela \
    boletse re rile utlwa utlwile bona bone tseba tsebe batla batlile rata ratile fumana fumane tsamaya tsamaile \
    tla tlile ya ile kena kene tswa tswile dula dutse sebetsa sebeditse bala badile ngola ngotse ithuta thusa \
    thusitse nka nkile fa file beha behile reka rekile rekisa qala qadile qeta qetile shebile sheba kopa kopile \
    leboha kgetha kgethile kgetho dikgetho mokgatlo setjhaba ditjhaba mopresidente letona matona ramolao \
    lebitso mabitso palo dipalo mohla nako dinako sebaka dibaka taba ditaba lebaka mabaka tharollo bothata \
    mathata kotsi tshebetso tshebediso tsebo thuto kgolo ntlafatso tshireletso kgethollo boitshwaro";

/// Returns the frequent words of Arabic in Latin letters.
pub(crate) fn arabizi_words() -> Vec<String> {
    ARABIZI.split_whitespace().map(str::to_owned).collect()
}

/// Returns frequent words of Southern Sotho.
pub(crate) fn sesotho_words() -> Vec<String> {
    SESOTHO.split_whitespace().map(str::to_owned).collect()
}

/// Writes Arabic in Latin letters: with figures as in chat, or formally; the vowels are guessed.
pub(crate) fn arabizi(text: &str, random: &mut Random) -> String {
    let style = random.below(4);
    let words = text.split_whitespace();
    let latin = words.map(|word| romanise(word, style, random));
    latin.collect::<Vec<_>>().join(" ")
}

/// Writes one word; styles 0 and 1 use figures, 2 drops what Latin lacks, 3 marks it.
fn romanise(word: &str, style: usize, random: &mut Random) -> String {
    let mut latin = String::new();
    let mut rest = word;
    if let Some(after) = word
        .strip_prefix("ال")
        .filter(|after| after.chars().count() > 2)
    {
        latin.push_str(one(&["al", "el", "il", "al-", "el-", "al "], random));
        rest = after;
    }
    let mut after_consonant = false;
    let mut letters = rest.chars().peekable();
    let mut start = true;
    while let Some(letter) = letters.next() {
        let last = letters.peek().is_none();
        let choices = consonant(letter, style);
        if let Some(vowels) = vowel(letter, after_consonant || (last && !start)) {
            latin.push_str(one(vowels, random));
            after_consonant = false;
        } else if choices.is_empty() {
            latin.push(letter);
        } else {
            if after_consonant && random.below(20) < if last { 17 } else { 13 } {
                latin.push_str(short_vowel(random));
            }
            latin.push_str(one(choices, random));
            after_consonant = true;
            if last && style >= 2 && random.below(4) == 0 {
                latin.push_str(short_vowel(random));
            }
        }
        start = false;
    }
    latin
}

fn one<'c>(choices: &[&'c str], random: &mut Random) -> &'c str {
    choices[random.below(choices.len())]
}

fn short_vowel(random: &mut Random) -> &'static str {
    one(&["a", "a", "a", "a", "i", "i", "e", "u", "o"], random)
}

/// Returns how a letter is written where it is a vowel. Waw and yeh are one after a consonant only.
fn vowel(letter: char, after_consonant: bool) -> Option<&'static [&'static str]> {
    Some(match letter {
        'ا' | 'ى' => &["a", "a", "a", "aa"],
        'آ' => &["aa", "a"],
        'أ' => &["a", "a", "2a", "u"],
        'إ' => &["i", "e"],
        'ة' => &["a", "a", "ah", "eh", "at", "e"],
        'و' if after_consonant => &["u", "o", "ou", "oo"],
        'ي' if after_consonant => &["i", "i", "ee", "y", "ei"],
        _ => return None,
    })
}

/// Returns how a letter is written where it is a consonant; nothing for other signs.
fn consonant(letter: char, style: usize) -> &'static [&'static str] {
    if let Some(figures) = figures(letter).filter(|_| style < 2) {
        return figures;
    }
    match letter {
        'ب' => &["b"],
        'ت' | 'ط' => &["t"],
        'ث' => &["th", "th", "s", "t"],
        'ج' => &["j", "g", "dj"],
        'ح' | 'ه' => &["h"],
        'خ' => &["kh"],
        'د' => &["d"],
        'ذ' => &["dh", "z", "d", "th"],
        'ر' => &["r"],
        'ز' => &["z"],
        'س' | 'ص' => &["s"],
        'ش' => &["sh", "sh", "ch"],
        'ض' => &["d", "dh"],
        'ظ' => &["z", "dh"],
        'ع' if style == 3 => &["'", "'", "a"],
        'ع' => &["a", "'", "aa"],
        'غ' => &["gh"],
        'ف' => &["f"],
        'ق' => &["q", "q", "k"],
        'ك' => &["k"],
        'ل' => &["l"],
        'م' => &["m"],
        'ن' => &["n"],
        'و' => &["w"],
        'ي' => &["y"],
        'ء' | 'ئ' | 'ؤ' => &["'", "a", "i"],
        _ => &[],
    }
}

/// Returns how a letter is written where figures stand for sounds that Latin lacks.
fn figures(letter: char) -> Option<&'static [&'static str]> {
    Some(match letter {
        'ح' => &["7", "7", "h"],
        'خ' => &["5", "kh", "7'"],
        'ع' => &["3", "3", "3", "a"],
        'غ' => &["gh", "8", "3'"],
        'ق' => &["2", "q", "9", "k", "g"],
        'ء' | 'ئ' | 'ؤ' => &["2", "2", "'"],
        _ => return None,
    })
}

/// Writes Azerbaijani in Arabic letters, as south of the Araz.
pub(crate) fn azerbaijani(text: &str, random: &mut Random) -> String {
    respell(text, random, |letter, start, end| match letter {
        'ə' | 'e' if start => &["ا", "ائ"],
        'ə' if end => &["ه"],
        'ə' => &["", "", "ه", "َ"],
        'e' => &["ئ", "ی"],
        'a' if start => &["آ", "ا"],
        'a' => &["ا"],
        'ı' | 'i' if start => &["ای", "ایـ"],
        'ı' | 'i' => &["ی"],
        'o' | 'u' if start => &["او"],
        'o' | 'u' => &["و", "و", "ۇ"],
        'ö' | 'ü' if start => &["اؤ", "او"],
        'ö' => &["ؤ", "و"],
        'ü' => &["و", "ۆ"],
        other => azerbaijani_consonant(other),
    })
}

fn azerbaijani_consonant(letter: char) -> &'static [&'static str] {
    match letter {
        'g' | 'q' => &["ق", "گ"],
        'ğ' => &["غ"],
        'h' => &["ه", "ح"],
        'k' => &["ک"],
        't' => &["ت", "ت", "ط"],
        'v' => &["و"],
        's' => &["س", "س", "ص"],
        'z' => &["ز"],
        'j' => &["ژ"],
        'y' => &["ی"],
        other => common_consonant(other),
    }
}

/// Writes Malay in Arabic letters: Jawi.
pub(crate) fn jawi(text: &str, random: &mut Random) -> String {
    let text = text.to_lowercase().replace("ng", "ŋ").replace("ny", "ñ");
    respell(&text, random, |letter, start, end| match letter {
        'a' | 'e' if start => &["ا"],
        'a' if end => &["", "ا"],
        'a' => &["", "ا"],
        'e' => &[""],
        'i' if start => &["اي"],
        'i' | 'y' => &["ي"],
        'o' | 'u' if start => &["او"],
        'o' | 'u' | 'w' => &["و"],
        'ŋ' => &["ڠ"],
        'ñ' => &["ڽ"],
        'p' => &["ڤ"],
        'g' => &["ݢ", "ڬ"],
        'k' if end => &["ق", "ك"],
        'k' => &["ك"],
        'c' => &["چ"],
        'v' => &["ۏ"],
        'h' => &["ه"],
        'j' => &["ج"],
        's' => &["س"],
        't' => &["ت"],
        'z' => &["ز"],
        other => common_consonant(other),
    })
}

fn common_consonant(letter: char) -> &'static [&'static str] {
    match letter {
        'b' => &["ب"],
        'c' => &["ج"],
        'ç' => &["چ"],
        'd' => &["د"],
        'f' => &["ف"],
        'l' => &["ل"],
        'm' => &["م"],
        'n' => &["ن"],
        'p' => &["پ"],
        'r' => &["ر"],
        'ş' => &["ش"],
        'x' => &["خ"],
        _ => &[],
    }
}

/// Writes each Latin letter by `rule`, which is told whether the letter starts or ends its word.
fn respell(
    text: &str,
    random: &mut Random,
    rule: impl Fn(char, bool, bool) -> &'static [&'static str],
) -> String {
    let mut written = String::new();
    // The capital of Turkish languages has to lose its dot by hand.
    let lower = text.replace('İ', "i").replace('I', "ı").to_lowercase();
    let letters: Vec<char> = lower.chars().collect();
    for (index, letter) in letters.iter().enumerate() {
        let joins = |at: Option<usize>| {
            at.and_then(|at| letters.get(at))
                .is_some_and(|letter| letter.is_alphabetic())
        };
        let (start, end) = (!joins(index.checked_sub(1)), !joins(Some(index + 1)));
        let choices = rule(*letter, start, end);
        if !choices.is_empty() {
            written.push_str(one(choices, random));
        } else if !letter.is_alphabetic() {
            written.push(*letter);
        }
    }
    written
}
