//! Words that tell close languages apart, listed by hand, for the text to train on is by few hands:
//! one translator's turns are no sign of a language, and these words are.

/// Words of a language, with the corpus label that they stand for. A word may be of two lists.
pub(crate) const TELLING: [(&str, &str); 8] = [
    (
        "hrv",
        "tko netko nitko svatko itko tkogod tjedan tjedna tjedni tjedana siječanj siječnja veljača veljače \
         ožujak ožujka travanj travnja svibanj svibnja lipanj lipnja srpanj srpnja kolovoz kolovoza rujan \
         rujna listopad listopada studeni studenoga studenog prosinac prosinca tisuća tisuće tisuću \
         milijun milijuna milijuni zrakoplov zrakoplova vlak vlakom kolodvor kruh zrak glazba glazbe \
         glazbeni glazbenik kazalište kazališta sveučilište sveučilišta povijest povijesti povijesni \
         nogomet nogometni općina općine opći opća opće uvjet uvjeti uvjeta sustav sustava tvrtka tvrtke \
         tvornica tvornice uporaba uporabe utjecaj utjecaja europa europe europski europska europske glede \
         tijekom suradnja suradnje sudjelovati sudjeluje sudjelovanje nazočan postrojba postrojbe tajnik \
         ravnatelj zemljovid rajčica mrkva juha vrhnje otok otoka otoci susjed susjedni točka točke točno \
         gledatelj gledatelja čitatelj rabiti rabi središte gospodarstvo gospodarski obitelj obitelji \
         izvješće izvješća priopćenje natjecanje natjecanja momčad momčadi vratar sudac suca odvjetnik \
         prosvjed prosvjedi neovisan neovisnost neovisnosti ljekarna liječnik liječnika znanost znanosti \
         znanstvenik znanstvenici redatelj skladatelj zbor putovnica osobni osobno vlastiti iznimka \
         iznimno primjerice unatoč stoga također osobito izravno potpora potpore podrijetlo podrijetla \
         kemija kemijski kirurg kaos španjolska španjolski rumunjska cipar švicarska organizirati \
         organiziran organizira definirati definiran vrijeme mjesto dijete djeca lijep rijeka mlijeko \
         svijet čovjek poslije nakon prije gdje ovdje vidjeti uvijek cijeli dio tijelo sjever predsjednik \
         zahtjev promjena primjer rješenje pobjeda sljedeći posljednji savjet mjera kuhar kuhati lagano \
         meko ispričavam tlak bolesnik promet promidžba knjižnica vlastitog unutar izvan sigurnost nijemac \
         njemačka njemački ministar vanjskih poslova zastupnik zastupnici sabor županija županije",
    ),
    (
        "bos",
        "ko neko niko svako šta sedmica sedmice sedmicu sedmično januar januara februar februara mart \
         marta april aprila maj maja juni juna juli jula august augusta septembar septembra oktobar \
         oktobra novembar novembra decembar decembra hiljada hiljade hiljadu hiljada milion miliona avion \
         aviona voz vozom hljeb hljeba zrak muzika muzike muzički pozorište pozorišta univerzitet \
         univerziteta historija historije historijski nogomet fudbal fudbalski općina općine opći opća \
         opće uopće uslov uslovi uslova sistem sistema firma fabrika fabrike upotreba upotrebe utjecaj \
         utjecaja uticaj evropa evrope evropski evropska evropske tokom saradnja saradnje učestvovati \
         učestvuje učešće sekretar direktor paradajz mrkva supa ostrvo otok komšija komšije tačka tačke \
         tačno gledalac čitalac koristiti centar privreda privredni ekonomija porodica porodice porodici \
         izvještaj izvještaja saopćenje saopštenje takmičenje takmičenja ekipa tim golman sudija advokat \
         protest protesti nezavisan nezavisnost nezavisnosti apoteka ljekar ljekara doktor nauka nauke \
         naučnik naučnici reditelj režiser kompozitor hor pasoš lični lično vlastiti izuzetak izuzetno \
         naprimjer naprimer uprkos stoga također takođe naročito direktno podrška podrške porijeklo \
         porijekla hemija hemijski hirurg haos španija španski rumunija kipar švicarska organizirati \
         organizovati organizovan organizirala definisati vrijeme mjesto dijete djeca lijep rijeka mlijeko \
         svijet čovjek poslije nakon prije gdje ovdje vidjeti uvijek cijeli dio tijelo sjever predsjednik \
         zahtjev promjena primjer rješenje pobjeda sljedeći posljednji savjet mjera kuhar lahko lahke \
         mehko polahko kahva kafa kahvu sahat halal rahat dženaza džamija ramazan bajram hadž bosna bosne \
         bosanski bosanskohercegovački hercegovina sarajevo sarajeva entitet kanton kantona federacija \
         federacije biblioteka saobraćaj pritisak unutar van sigurnost bezbjednost nijemac njemačka \
         njemački",
    ),
    (
        "srp-Latn",
        "ko neko niko svako šta nedelja nedelje nedelju januar januara februar februara mart marta april \
         aprila maj maja jun juna jul jula avgust avgusta septembar septembra oktobar oktobra novembar \
         novembra decembar decembra hiljada hiljade hiljadu milion miliona avion aviona voz vozom hleb \
         hleba vazduh vazduha muzika muzike muzički pozorište pozorišta univerzitet univerziteta istorija \
         istorije istorijski fudbal fudbalski opština opštine opšti opšta opšte uopšte uslov uslovi uslova \
         sistem sistema firma preduzeće fabrika fabrike upotreba upotrebe uticaj uticaja evropa evrope \
         evropski evropska evropske tokom saradnja saradnje učestvovati učestvuje učešće sekretar direktor \
         paradajz šargarepa supa ostrvo ostrva komšija komšije tačka tačke tačno gledalac čitalac \
         koristiti centar privreda privredni porodica porodice porodici izveštaj izveštaja saopštenje \
         saopštenja takmičenje takmičenja ekipa tim golman sudija advokat protest protesti nezavisan \
         nezavisnost nezavisnosti apoteka lekar lekara doktor nauka nauke naučnik naučnici reditelj \
         kompozitor hor pasoš lični lično sopstveni sopstvene izuzetak izuzetno naprimer primer uprkos \
         stoga takođe naročito direktno podrška podrške poreklo porekla hemija hemijski hirurg haos \
         španija španski rumunija kipar švajcarska organizovati organizovan organizuje definisati \
         definisan vreme vremena mesto mesta dete deca dece lep lepa reka reke mleko svet sveta svetski \
         čovek čoveka posle pre gde ovde videti video uvek ceo cela celo deo dela delovi telo tela sever \
         severni predsednik predsednika zahtev zahteva promena promene rešenje rešenja rešiti pobeda \
         pobede pobednik sledeći sledeće poslednji poslednja posledica savet saveta mera mere kuvar lako \
         meko kafa sat sreda ponedeljak nedeljom vrednost vredan bezbednost bezbednosti obezbediti hteo \
         hteti želeti želeo razumeti smeti živeti živeo umreti umro dvanaest nemac nemačka nemački lekovi \
         levo desno beo bela cvet drvo leto zima proleće pesma pesme pevač pevati srećan sreća biblioteka \
         saobraćaj pritisak unutar van beograd srbija srbije srpski dinara",
    ),
    (
        "ind",
        "bahwa karena bisa kantor mobil uang polisi kepolisian sakit senin selasa rabu kamis jumat sabtu \
         minggu januari februari maret juni juli agustus oktober desember inggris serikat jepang jerman \
         prancis spanyol italia yunani selandia tiongkok universitas pemerintah pemerintahan gubernur kota \
         provinsi bagian desa kecamatan kabupaten perusahaan karyawan siswa mahasiswa kamar dokter obat \
         apotek sepak pertandingan klub tim pelatih stasiun bandara sepeda bus truk bensin listrik kue es \
         telepon ponsel televisi koran film musik kelompok grup anggota proyek rencana standar kualitas \
         aktivitas fasilitas komunitas identitas realitas kapasitas prioritas mayoritas minoritas \
         informasi komisi polusi tentara militer nuklir korban tewas pengadilan jaksa hukum pajak miliar \
         triliun persen rupiah toko saat sementara setelah agar sangat berbagai sebuah adalah yaitu yakni \
         ingin mau butuh membutuhkan kebutuhan mencoba coba berbicara mengerti teman istri putra putri \
         gratis sepatu celana kursi lemari jendela berbeda perbedaan beda pekan besok kemarin menit detik \
         danau hewan sapi ilmuwan penelitian peneliti fisika matematika kristen ketua umum terdiri dapat \
         memiliki tersebut namun selain menurut ujar jelasnya sebanyak dilakukan melakukan menggunakan \
         membuat memberikan kondisi lokasi posisi situs daring unduh presiden wakil dewan partai pemilu \
         pemilihan resmi rilis merilis dirilis tayang acara pertunjukan layanan pelanggan perempuan wanita \
         laki pria paman bibi nomor angka suhu cuaca salju nggak tidak bisa cuma banget kayak ngomong \
         delapan saja benar silakan seharusnya sebaiknya kalau mobilku kalian lantas usai apel tas kulkas \
         halte kopor handuk bioskop lampu merah rapat hadiah ulang ponselnya sudah harus butuhkan ikut \
         jumlah terletak dikenal sebagai didirikan menjabat lahir meninggal antara lain merupakan desember",
    ),
    (
        "msa",
        "bahawa kerana boleh pejabat kereta wang polis hospital isnin selasa rabu khamis jumaat sabtu ahad \
         januari februari mac jun julai ogos oktober disember inggeris syarikat jepun jerman perancis \
         sepanyol itali greece china universiti kerajaan gabenor bandar bandaraya wilayah negeri kampung \
         mukim daerah kakitangan pekerja pelajar murid bilik doktor ubat farmasi perlawanan kelab pasukan \
         jurulatih stesen lapangan terbang basikal bas lori petrol elektrik kek ais telefon televisyen \
         akhbar filem muzik kumpulan ahli projek rancangan standard kualiti aktiviti kemudahan komuniti \
         identiti realiti kapasiti keutamaan majoriti minoriti maklumat pertubuhan suruhanjaya pencemaran \
         tentera ketenteraan nuklear mangsa maut terbunuh mahkamah pendakwa undang cukai bilion trilion \
         peratus ringgit kedai ketika semasa manakala sehingga selepas supaya amat pelbagai sebuah ialah \
         iaitu ingin mahu memerlukan keperluan cuba mencuba bercakap faham kawan isteri putera puteri \
         percuma kasut seluar kerusi almari tingkap berbeza perbezaan beza hujung esok semalam minit tasik \
         haiwan lembu saintis penyelidikan penyelidik kajian fizik matematik kristian pengerusi terdiri \
         dapat mempunyai tersebut namun selain menurut katanya beliau sebanyak dijalankan menjalankan \
         menggunakan membuat memberi keadaan lokasi kedudukan laman tapak muat naik presiden timbalan naib \
         majlis parti pilihan raya rasmi tayangan rancangan persembahan perkhidmatan pelanggan perempuan \
         wanita lelaki pakcik makcik nombor suhu cuaca salji daripada dalam kalangan bagi oleh sebab \
         mereka kini turut yang dipertua datuk tun dato perdana menteri malaysia parlimen ditubuhkan \
         terletak dikenali sebagai awak tengok nak tak hendak kelmarin budak beritahu memberitahu cakap \
         sekiranya sama ada lapan sahaja betul cikgu sila mesti patut macam apabila peti sejuk hentian beg \
         tuala panggung wayang mesyuarat hadiah jadi telah perlu bilangan menjawat lahir meninggal \
         antaranya merupakan bertutur terletaknya dimulakan suka gemar berjumpa rumahnya keretanya epal \
         masakan kebanyakan setiap",
    ),
    (
        "dan",
        "af blev bliver være været hvad hvem noget nogle nogen kun meget efter mellem ud op ind uge ugen \
         uger mig dig selv igen allerede måske hvis når endnu stadig lidt lille bedre bedste flere fleste \
         havde haft gør gøre gjorde går gik gået siger sagde sagt set kommet tager tog taget giver gav \
         givet fandt fundet ligger lå bruge bruger brugt brugte køre kørte købe købte spillede spillet \
         arbejde skrev skrevet begyndte startede boede lavede lavet ønskede kendte kendt hedder regeringen \
         byen dreng pige børn kvinde mænd gade vej skib fugl sprog bog bøger musik spil hold mål sæson \
         klub måned minut aften marts maj december syv tyve tredive fyrre halvtreds tres halvfjerds firs \
         halvfems procent penge station situation organisation information nation videnskab sygehus læge \
         læger syg sygdom sygdomme rige krig magt kraft ansigt hoved øjne hånd arm ben fod mund tand \
         lejlighed værelse køkken mødes møde mødte tænke tænkte troede vidste ved viden årsag grund \
         ændring ændringer udvikling uddannelse undervisning skole lærer elev ministeriet formand medlem \
         medlemmer forening selskab virksomhed virksomheder firma ejer salg kunde pris betale betalte \
         tilladt forbudt nødvendig mulig muligt vigtig dyr billig tung let hurtig langsom",
    ),
    (
        "nob",
        "av ble blir være vært hva hvem noe noen bare mye etter mellom ut opp inn uke uken uker meg deg \
         selv igjen allerede kanskje hvis når ennå fortsatt litt liten bedre beste flere fleste hadde hatt \
         gjør gjøre gjorde går gikk gått sier sa sagt sett kommet tar tok tatt gir ga gitt fant funnet \
         ligger lå bruke bruker brukt brukte kjøre kjørte kjøpe kjøpte spilte spilt arbeid skrev skrevet \
         begynte startet bodde laget ønsket kjente kjent heter regjeringen byen gutt jente barn kvinne \
         menn gate vei skip fugl språk bok bøker musikk spill lag mål sesong klubb måned minutt kveld mars \
         mai desember sju tjue tretti førti femti seksti sytti åtti nitti prosent penger stasjon situasjon \
         organisasjon informasjon nasjon vitenskap sykehus lege leger syk sykdom sykdommer rike krig makt \
         kraft ansikt hode øyne hånd arm bein fot munn tann leilighet rom kjøkken møtes møte møtte tenke \
         tenkte trodde visste vet kunnskap årsak grunn endring endringer utvikling utdanning utdannelse \
         undervisning skole lærer elev departementet leder medlem medlemmer forening selskap virksomhet \
         bedrift bedrifter eier salg kunde pris betale betalte tillatt forbudt nødvendig mulig viktig dyr \
         billig tung lett rask langsom jeg ikke fra de hun hvordan hvorfor mandag tirsdag lørdag",
    ),
    (
        "nno",
        "av vart vert blei blir vere vore kva kven noko nokon nokre berre mykje etter mellom ut opp inn \
         veke veka veker meg deg sjølv igjen allereie kanskje viss dersom når enno framleis litt liten \
         betre beste fleire fleste hadde hatt gjer gjere gjorde går gjekk gått seier sa sagt sett kome \
         komen tek tok teke gjev gir gav gjeve fann funne ligg låg bruke brukar brukt brukte køyre køyrde \
         kjøpe kjøpte spelte spelt spela arbeid skreiv skrive byrja starta budde laga ønskte kjende kjend \
         heiter regjeringa byen gut jente born barn kvinne kvinner menn gate veg skip fugl språk bok bøker \
         musikk spel lag mål sesong klubb månad månader minutt kveld mars mai desember sju tjue tretti \
         førti femti seksti sytti åtti nitti prosent pengar stasjon situasjon organisasjon informasjon \
         nasjon vitskap sjukehus lege legar sjuk sjukdom sjukdomar rike krig makt kraft ansikt hovud auge \
         hand arm bein fot munn tann leilegheit rom kjøkken møtast møte møtte tenkje tenkte trudde visste \
         veit kunnskap årsak grunn endring endringar utvikling utdanning undervisning skule lærar elev \
         departementet leiar medlem medlemer medlemmer forening selskap verksemd bedrift eigar sal kunde \
         pris betale betalte tillate forbode nødvendig mogleg moglegheit viktig dyr billeg tung lett rask \
         sakte eg ikkje frå dei ho korleis kvifor måndag tysdag laurdag ein eit heile gjennom då no saman \
         òg høg høgare medan sidan utan heim heime også fyrste første seinare dotter son fødd døydde",
    ),
];
