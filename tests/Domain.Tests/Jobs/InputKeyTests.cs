using System.Globalization;
using CsCheck;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Jobs;

public sealed class InputKeyTests
{
    private static readonly AnswerOptions Options = AnswerOptions.Default;
    private static readonly JobSpec Spec = Generators.Spec(2);
    private static readonly StoredInput Regions = new("mine.csv", "ff", 5);

    /// <summary>Each differs from all others, and from the default.</summary>
    private static readonly Dictionary<string, JobSpec> Different = new()
    {
        ["default"] = Spec,
        ["source"] = Spec with { Source = "imf" },
        ["content"] = Spec with { Inputs = [Spec.Inputs[0], new("input 1", "ab", 10)] },
        ["fewer inputs"] = Spec with { Inputs = [Spec.Inputs[0]] },
        ["order of inputs"] = Spec with { Inputs = [Spec.Inputs[1], Spec.Inputs[0]] },
        ["directory"] = Spec with { DirectoryHash = "other" },
        ["publisher"] = With(Options with { Publisher = Publisher.WorldBank }),
        ["unit"] = With(Options with { Unit = Unit.Million }),
        ["another unit"] = With(Options with { Unit = Unit.Billion }),
        ["regions"] = With(Options with { Regions = "un-region" }),
        ["region file"] = With(Options with { RegionsFile = Regions }),
        ["another region file"] = With(Options with { RegionsFile = Regions with { Sha256 = "fe" } }),
        ["year"] = With(Options with { Year = new YearRule.Only(2024) }),
        ["all years"] = With(Options with { Year = new YearRule.All() }),
        ["latest years"] = With(Options with { Year = new YearRule.LatestPerCountry() }),
        ["as of"] = With(Options with { AsOf = new DateOnly(2025, 4, 1) }),
        ["sum"] = With(Options with { Duplicates = DuplicateRule.Sum }),
        ["fail"] = With(Options with { Duplicates = DuplicateRule.Fail }),
        ["top"] = With(Options with { Top = 3 }),
        ["threshold"] = With(Options with { ThresholdBillions = 100.5m }),
        ["quarantine limit"] = With(Options with { QuarantineLimit = 5 }),
        ["country column"] = Read(RecordOptions.Default with { Country = "x" }),
        ["year column"] = Read(RecordOptions.Default with { Year = "x" }),
        ["value column"] = Read(RecordOptions.Default with { Value = "x" }),
        ["delimiter"] = Read(RecordOptions.Default with { Delimiter = ';' }),
        ["empty"] = Read(RecordOptions.Default with { EmptyIsMissing = true }),
        ["multiline"] = Read(RecordOptions.Default with { Multiline = true }),
        ["line bytes"] = Read(RecordOptions.Default with { MaxLineBytes = 5 }),
    };

    [Fact]
    public void Whatever_changes_the_answer_changes_the_key() =>
        Assert.Equal(Different.Count, Different.Values.Select(s => s.InputKey()).Distinct().Count());

    [Fact]
    public void Each_option_stands_in_the_table_above() =>
        // A new option must either change the key or be no option of the answer.
        Assert.Equal(11, typeof(AnswerOptions).GetProperties().Count(p => p.CanWrite && p.GetMethod is { IsStatic: false }));

    [Fact]
    public void What_does_not_change_the_answer_does_not_change_the_key()
    {
        var key = Spec.InputKey();
        Assert.Equal(key, (Spec with { Inputs = Spec.Inputs.Select(i => i with { Label = "renamed.html" }).ToEquatableArray() }).InputKey());
        Assert.Equal(key, (Spec with { BatchRows = 7, ProductVersion = "9.9.9" }).InputKey());
        var file = With(Options with { Regions = "mine.csv", RegionsFile = Regions });
        Assert.Equal(file.InputKey(), With(Options with { Regions = "copy.csv", RegionsFile = Regions with { Label = "copy.csv" } }).InputKey());
    }

    [Theory]
    [InlineData("100", "100.0")]
    [InlineData("100", "100.0000000000000000000000000")]
    [InlineData("0", "0.00")]
    [InlineData("0.1", "0.10")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    public void A_threshold_is_a_number_not_a_text(string one, string same) => Assert.Equal(KeyOf(one), KeyOf(same));

    [Fact]
    public void Thresholds_are_the_same_exactly_when_they_are_equal() =>
        Gen.Select(Gen.Long[0, 2_000], Gen.Int[0, 6], Gen.Long[0, 2_000], Gen.Int[0, 6]).Holds(v =>
        {
            decimal a = new decimal(v.Item1) / (decimal)Math.Pow(10, v.Item2), b = new decimal(v.Item3) / (decimal)Math.Pow(10, v.Item4);
            return a == b == (With(Options with { ThresholdBillions = a }).InputKey() == With(Options with { ThresholdBillions = b }).InputKey());
        });

    [Fact]
    public void The_key_of_an_example_never_changes() =>
        // A change makes every unfinished job of an older version unfindable: only with a new first line of the hashed text.
        Assert.Equal("1373337f11c658997ac4aacd9f29bd81077d9a1a797769121b3b62b6b1386587", Generators.Spec(2).InputKey());

    private static JobSpec Read(RecordOptions records) => With(Options with { Records = records });

    private static JobSpec With(AnswerOptions options) => Spec with { Options = options };

    private static string KeyOf(string threshold) =>
        With(Options with { ThresholdBillions = decimal.Parse(threshold, CultureInfo.InvariantCulture) }).InputKey();
}
