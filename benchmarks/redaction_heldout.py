"""Everyday lines with a secret, written before any of them was tried, and never tuned on by case.

One case a line: ``«»`` hold the secret, ``⏎`` is the end of a line.
"""

from __future__ import annotations

from benchmarks.redaction_cases import Case

LINES = {
    "python": r"""
engine = create_engine("postgresql+psycopg2://svc:«marble_Owl5»@db:5432/app")
conn = psycopg2.connect("dbname=app user=svc password=«marble_Owl5» host=db")
s.auth = ("svc", "«marble-Owl-5»")
app.config["SECRET_KEY"] = "«dont-tell-anyone»"
SECRET_KEY = os.getenv("SECRET_KEY", "«dont-tell-anyone»")
client = redis.Redis(host="cache", password="«quietriver»", db=0)
host, user, pwd = "db1", "svc", "«quietriver»"
paramiko_client.connect("10.0.0.4", username="svc", password="«quietriver»")
imap.login("ops@corp.example", "«Quiet!River9»")
token = jwt.encode({"sub": uid}, "«Quiet!River9»", algorithm="HS256")
@click.option("--api-token", default="«9f8a7b6c5d4e3f21»")
field = forms.CharField(initial="x"); admin_password = getattr(cfg, "pw", "«quietriver»")
user.set_password("«Quiet!River9»")
User.objects.create_user("anna", "anna@corp.example", "«Quiet!River9»")
class Settings(BaseSettings):⏎    db_password: SecretStr = SecretStr("«quietriver»")
DATABASES = {"default": {"USER": "svc", "PASSWORD": "«quietriver»"}}
""",
    "javascript": r"""
const pool = new Pool({ user: 'svc', password: '«quietriver»' });
process.env.STRIPE_SECRET = process.env.STRIPE_SECRET || '«marble_Owl5»';
app.use(session({ secret: '«keyboard cat»', resave: false }));
const hash = await bcrypt.hash('«Quiet!River9»', 10);
mongoose.connect('mongodb://svc:«quietriver»@mongo:27017/app');
axios.get(url, { headers: { 'X-Auth-Token': '«marbleOwl5x»' } });
const { password = '«quietriver»' } = opts;
fetch(url, { headers: { Authorization: 'Bearer «marbleOwl5xQ7»' } })
export const DB_PASS =⏎  '«quietriver»';
await page.locator('#pwd').fill('«Quiet!River9»');
cy.get('input[name=password]').type('«Quiet!River9»');
jwt.verify(token, '«marbleOwl5x»');
const [user, pass] = ['svc', '«marbleOwl5x»'];
crypto.createHmac('sha256', '«marbleOwl5x»').update(body);
""",
    "typescript": r"""
const cfg: DbConfig = { host: 'db', password: '«quietriver»' as string };
private static readonly API_SECRET = '«marbleOwl5x»';
export default registerAs('jwt', () => ({ secret: process.env.JWT_SECRET ?? '«quietriver»' }));
constructor(private apiKey = "«marbleOwl5x»") {}
JwtModule.register({ secret: '«quietriver»', signOptions: { expiresIn: '1h' } }),
type Secrets = { dbPassword: '«quietriver»' };
this.form.patchValue({ username: 'svc', password: '«quietriver»' });
await signInWithEmailAndPassword(auth, "svc@corp.example", "«Quiet!River9»");
""",
    "java": r"""
private static final String DB_PASSWORD = "«quietriver»";
ds.setPassword("«quietriver»");
Connection c = DriverManager.getConnection(URL, "svc", "«Quiet!River9»");
keyStore.load(in, "«changeit»".toCharArray());
System.setProperty("javax.net.ssl.trustStorePassword", "«changeit»");
@Value("${db.password:«quietriver»}")
KeySpec spec = new PBEKeySpec("«Quiet!River9»".toCharArray(), salt, 65536, 256);
new UsernamePasswordAuthenticationToken("svc", "«Quiet!River9»");
.withUser("svc").password("{noop}«quietriver»").roles("ADMIN")
SecretKeySpec k = new SecretKeySpec("«0123456789abcdeX»".getBytes(), "AES");
map.put("password", "«quietriver»");
if ("«Quiet!River9»".equals(request.getParameter("password"))) {
""",
    "kotlin": r"""
const val API_KEY = "«marbleOwl5x»"
val dbPassword: String = System.getenv("DB_PASSWORD") ?: "«quietriver»"
keyPassword = project.findProperty("keyPass") as String? ?: "«quietriver»"
buildConfigField("String", "API_SECRET", "\"«marbleOwl5x»\"")
val secret get() = "«quietriver»"
signingConfigs { create("release") { storePassword = "«quietriver»" } }
Credentials.basic("svc", "«Quiet!River9»")
private val token by lazy { "«marbleOwl5xQ7»" }
""",
    "go": r"""
const dbPassword = "«quietriver»"
var jwtKey = []byte("«quiet_river_key»")
dsn := fmt.Sprintf("svc:«quietriver»@tcp(%s)/app", host)
req.SetBasicAuth("svc", "«Quiet!River9»")
os.Setenv("DB_PASSWORD", "«quietriver»")
flag.String("password", "«quietriver»", "database password")
auth := smtp.PlainAuth("", "svc@corp.example", "«Quiet!River9»", "mail")
req.Header.Set("X-Api-Key", "«marbleOwl5x»")
viper.SetDefault("db.password", "«quietriver»")
ssh.Password("«Quiet!River9»"),
mac := hmac.New(sha256.New, []byte("«Quiet!River9»"))
opts := &redis.Options{Addr: "cache:6379", Password: "«quietriver»"}
""",
    "rust": r"""
const API_KEY: &str = "«marbleOwl5x»";
let password = env::var("DB_PASSWORD").unwrap_or_else(|_| "«quietriver»".to_string());
static SECRET: &[u8] = b"«quietriver»";
let pw = Secret::new(String::from("«quietriver»"));
.basic_auth("svc", Some("«Quiet!River9»"))
#[arg(long, default_value = "«quietriver»")]⏎    password: String,
let key = EncodingKey::from_secret("«Quiet!River9»".as_ref());
.header("x-api-key", "«marbleOwl5x»")
PgConnectOptions::new().username("svc").password("«quietriver»")
""",
    "c and c++": r"""
static const char *password = "«quietriver»";
#define MQTT_PASSWORD "«quietriver»"
char wifi_pass[32] = "«quietriver»";
snprintf(pwd, sizeof(pwd), "%s", "«Quiet!River9»");
strncpy(cfg.password, "«quietriver»", sizeof(cfg.password));
if (strcmp(password, "«quietriver»") == 0) grant();
mysql_real_connect(c, "db", "svc", "«Quiet!River9»", "app", 0, NULL, 0);
curl_easy_setopt(curl, CURLOPT_USERPWD, "svc:«quietriver»");
std::string api_key("«marbleOwl5x»");
const uint8_t aes_key[16] = "«Quiet!River9»";
client.connect("esp32", "svc", "«Quiet!River9»");
constexpr auto kPassword = "«quietriver»"sv;
""",
    "c#": r"""
private const string Password = "«quietriver»";
var cs = "Server=db;Database=app;User Id=svc;Pwd=«quietriver»;";
public string ApiKey { get; set; } = "«marbleOwl5x»";
client.Credentials = new NetworkCredential("svc", "«Quiet!River9»");
var key = new SymmetricSecurityKey(Encoding.UTF8.GetBytes("«Quiet!River9»"));
await userManager.CreateAsync(user, "«Quiet!River9»");
Environment.SetEnvironmentVariable("DB_PASSWORD", "«quietriver»");
var pw = config["Db:Password"] ?? "«quietriver»";
builder.Password = @"«quietriver»";
new SqlCredential("svc", new SecureString("«Quiet!River9»"));
""",
    "php": r"""
$password = '«quietriver»';
define("AUTH_KEY", '«marble Owl 5 x»');
mysqli_connect("db", "svc", "«Quiet!River9»", "app");
$db['default']['password'] = '«quietriver»';
'secret' => env('APP_SECRET', '«quietriver»'),
$mail->Password = '«quietriver»';
password_hash("«Quiet!River9»", PASSWORD_DEFAULT);
const DB_PASS = "«quietriver»";
putenv("DB_PASSWORD=«quietriver»");
curl_setopt($ch, CURLOPT_USERPWD, "svc:«quietriver»");
if ($_POST['password'] === '«quietriver»') {
""",
    "ruby": r"""
password: ENV["DB_PASSWORD"] || "«quietriver»"
http_basic_authenticate_with name: "svc", password: "«quietriver»"
User.create!(email: "a@corp.example", password: "«quietriver»")
Rails.application.secrets.secret_key_base = "«quietriver»"
@password ||= "«quietriver»"
request.basic_auth "svc", "«Quiet!River9»"
fill_in "Password", with: "«quietriver»"
set :password, "«quietriver»"
ENV["API_KEY"] = "«marbleOwl5x»"
JWT.encode payload, "«marbleOwl5x»", "HS256"
""",
    "shell": r"""
export DB_PASSWORD="«quietriver»"
PGPASSWORD=«quietriver» psql -h db -U svc app
curl -H "Authorization: token «marbleOwl5xQ7»" https://api
echo "«quietriver»" | docker login -u svc --password-stdin
mysqldump -u svc --password=«quietriver» app > dump.sql
kubectl create secret generic db --from-literal=db-password=«quietriver»
helm upgrade app ./chart --set postgresql.auth.postgresPassword=«quietriver»
: "${DB_PASSWORD:=«quietriver»}"
docker run -e MYSQL_ROOT_PASSWORD=«quietriver» mysql:8
openssl enc -aes-256-cbc -k «quietriver» -in a -out b
printf '%s\n' "svc:«quietriver»" | chpasswd
az login --service-principal -u app -p «marble-Owl-5» --tenant t
ssh-keygen -t ed25519 -N "«quietriver»" -f key
if [ "$password" = "«quietriver»" ]; then
gpg --batch --passphrase «quietriver» -d x.gpg
""",
    "settings": r"""
spring.datasource.password=«quietriver»
database:⏎  user: svc⏎  password: «quietriver»
- name: REDIS_PASSWORD⏎  value: "«quietriver»"
      MYSQL_PASSWORD: «quietriver»
ansible_ssh_pass: «quietriver»
ansible_password=«quietriver»
  "clientSecret": "«quietriver»",
[smtp]⏎username = svc⏎password = «quietriver»
//registry.example.invalid/:_authToken=«marbleOwl5xQ7z»
<property name="hibernate.connection.password">«quietriver»</property>
<add name="Db" connectionString="Server=db;User Id=svc;Password=«quietriver»;" />
resource "aws_db_instance" "x" {⏎  username = "svc"⏎  password = "«quietriver»"⏎}
- ParameterKey: MasterUserPassword⏎  ParameterValue: «quietriver»
storePassword '«quietriver»'
machine git.corp.example⏎login svc⏎password «quietriver»
""",
    "sql": r"""
CREATE USER 'svc'@'%' IDENTIFIED BY '«quietriver»';
ALTER USER svc WITH PASSWORD '«quietriver»';
INSERT INTO accounts (login, password, role)⏎VALUES⏎    ('anna', '«quietriver»', 'admin');
UPDATE users SET password = crypt('«Quiet!River9»', gen_salt('bf')) WHERE id = 1;
CREATE LOGIN svc WITH PASSWORD = N'«Quiet!River9»';
SELECT * FROM users WHERE name = 'anna' AND password = '«quietriver»';
SET PASSWORD FOR 'svc'@'%' = '«quietriver»';
""",
    "lua, perl, swift, dart, r, elixir": r"""
local api_key = "«marbleOwl5x»"
wifi.sta.config({ssid="home", pwd="«quietriver»"})
my %db = (user => 'svc', password => '«quietriver»');
our $PASSWORD = q(«quietriver»);
let credential = URLCredential(user: "svc", password: "«quietriver»", persistence: .none)
static let apiKey = "«marbleOwl5x»"
final String _password = '«quietriver»';
const apiKey = String.fromEnvironment('API_KEY', defaultValue: '«marbleOwl5x»');
con <- dbConnect(Postgres(), user = "svc", password = "«quietriver»")
Sys.setenv(DB_PASSWORD = "«quietriver»")
config :app, App.Repo, username: "svc", password: "«quietriver»"
secret_key_base: System.get_env("SECRET_KEY_BASE") || "«quietriver»"
""",
    "comments and prose": r"""
# default password: «quietriver»
// TODO remove, pw is «quietriver»
/* login: svc / password: «quietriver» */
-- root password is '«quietriver»'
The admin password is `«quietriver»`.
user: svc, pass: «Quiet!River9»
# use token «marbleOwl5xQ7z» for staging
""",
}


def heldout() -> list[Case]:
    """Each line as a case of its language."""
    return [_case(language, line) for language, lines in LINES.items() for line in lines.strip("\n").split("\n")]


def _case(language: str, line: str) -> Case:
    before, rest = line.replace("⏎", "\n").split("«")
    secret, after = rest.split("»")
    return Case(language, language, before + secret + after, secret)
