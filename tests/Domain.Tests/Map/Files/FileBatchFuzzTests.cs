using System.Text;
using Etl.Domain.Map;
using Etl.Domain.Map.Files;

namespace Etl.Domain.Tests.Map.Files;

/// <summary>The fast reader against the slow one, on the same fragments in every run, with every way of reading that this machine has.</summary>
public sealed class FileBatchFuzzTests
{
    private const int Fragments = 104_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_way_of_reading_agrees_with_the_slow_reader(int seed)
    {
        var (random, cuts) = (new Random(seed), new Random(-seed));
        var cursor = new RowCursor();
        foreach (var plan in FileFragments.Plans)
        {
            // One mapper for all fragments of a plan: what it remembers must not show.
            var mappers = Ways().ToArray();
            for (var fragment = 0; fragment < Fragments / 4 / FileFragments.Plans.Count + 1; fragment++)
            {
                var rows = FileFragments.Rows(plan, random);
                var batch = FileFragments.Batch(rows, random);
                var expected = SlowFileReader.Read(batch, plan);
                foreach (var mapper in mappers)
                {
                    var actual = mapper.Map(batch, plan, cursor);
                    if (!actual.Equals(expected))
                        Assert.Fail($"{plan.Layout} fragment {fragment} {Escaped(rows)}\nexpected {Generators.Show(expected)}\nactual   {Generators.Show(actual)}");
                    Assert.Null(cursor.Position);
                    // A quoted line end would be cut; such batches come in one piece.
                    if (!plan.Multiline) Assert.Equal(expected, mapper.Map(new FileFragments.Pieces(batch, cuts), plan, cursor));
                }
            }
        }
    }

    private static IEnumerable<FileBatchMapper> Ways() => Enum.GetValues<RowPath>().Select(path => new FileBatchMapper(path));

    private static string Escaped(byte[] rows) => Encoding.Latin1.GetString(rows).Replace("\r", "\\r").Replace("\n", "\\n\n").Replace("\0", "\\0");
}
