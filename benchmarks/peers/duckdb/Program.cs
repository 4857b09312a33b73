// DuckDB in a process of its own: the engine reads, sums, joins and ranks; this program prints what comes out.
// usage: duckdb REGIONS.csv FILE.csv
using DuckDB.NET.Data;
using Etl.Benchmarks;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: duckdb REGIONS.csv FILE.csv");
    return 2;
}

using var connection = new DuckDBConnection("Data Source=:memory:");
connection.Open();
// The order of the rows means nothing here, and not keeping it is what the engine's manual advises for large files.
Execute("SET preserve_insertion_order = false");
Execute($"SET threads = {Environment.ProcessorCount}");

using var command = connection.CreateCommand();
command.CommandText = Query().Replace("$regions", Literal(args[0]), StringComparison.Ordinal).Replace("$file", Literal(args[1]), StringComparison.Ordinal);
using var reader = command.ExecuteReader();
var answer = new Answer();
var members = new List<(string Country, long Thousandths)>();
var group = (Year: 0, Region: "");
long rejected = 0;
while (reader.Read())
{
    rejected = reader.GetInt64(4);
    if (reader.IsDBNull(0)) break;
    var next = (reader.GetInt32(0), reader.GetString(1));
    if (next != group) Flush();
    group = next;
    members.Add((reader.GetString(2), reader.GetInt64(3)));
}

Flush();
answer.Print(rejected);
return 0;

void Flush()
{
    if (members.Count > 0) answer.Add(group.Year, group.Region, members.ToArray());
    members.Clear();
}

void Execute(string sql)
{
    using var statement = connection.CreateCommand();
    statement.CommandText = sql;
    statement.ExecuteNonQuery();
}

static string Literal(string path) => $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";

static string Query()
{
    using var stream = typeof(Answer).Assembly.GetManifestResourceStream("query.sql")!;
    using var text = new StreamReader(stream);
    return text.ReadToEnd();
}
