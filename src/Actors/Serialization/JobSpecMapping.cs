using Etl.Domain;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Actors.Serialization;

/// <summary>What a job is and what its source chose, to and from their stored form.</summary>
internal static class JobSpecMapping
{
    public static Stored.StoredInput ToStored(this StoredInput input) =>
        new() { Label = input.Label, Sha256 = input.Sha256, Bytes = input.Bytes };

    public static StoredInput FromStored(this Stored.StoredInput stored) => new(stored.Label, stored.Sha256, stored.Bytes);

    public static Stored.JobSpec ToStored(this JobSpec spec) => new()
    {
        Source = spec.Source,
        Inputs = { spec.Inputs.Select(ToStored) },
        Options = ToStored(spec.Options),
        DirectoryHash = spec.DirectoryHash,
        BatchRows = spec.BatchRows,
        ProductVersion = spec.ProductVersion,
    };

    public static JobSpec FromStored(this Stored.JobSpec stored) => new(
        stored.Source,
        stored.Inputs.Select(FromStored).ToEquatableArray(),
        FromStored(stored.Options.Required("options")),
        stored.DirectoryHash,
        stored.BatchRows,
        stored.ProductVersion);

    public static Stored.SourceChoice ToStored(this SourceChoice choice)
    {
        var stored = new Stored.SourceChoice
        {
            Title = choice.Title,
            Table = choice.Table,
            Column = choice.Column,
            Unit = (int)choice.Unit,
            HeaderYear = choice.HeaderYear,
            Years = choice.Years,
            Warnings = { choice.Warnings },
        };
        // The generated setters refuse null, so what is absent is not set.
        if (choice.Edition is { } edition) stored.Edition = edition.ToStored();
        return stored;
    }

    public static SourceChoice FromStored(this Stored.SourceChoice stored) => new(
        stored.Title,
        stored.Table,
        stored.Column,
        stored.Unit.ToEnum<Unit>(),
        stored.HeaderYear,
        stored.Years,
        stored.HasEdition ? stored.Edition.ToDate() : null,
        stored.Warnings.ToEquatableArray());

    private static Stored.AnswerOptions ToStored(AnswerOptions options)
    {
        var stored = new Stored.AnswerOptions
        {
            Publisher = (int)options.Publisher,
            Regions = options.Regions,
            RegionsFile = options.RegionsFile?.ToStored(),
            Year = options.Year.ToString(),
            Duplicates = (int)options.Duplicates,
            Top = options.Top,
            ThresholdBillions = options.ThresholdBillions.ToStored(),
        };
        if (options.Unit is { } unit) stored.Unit = (int)unit;
        if (options.AsOf is { } date) stored.AsOf = date.ToStored();
        return stored;
    }

    private static AnswerOptions FromStored(Stored.AnswerOptions stored) => new(
        stored.Publisher.ToEnum<Publisher>(),
        stored.HasUnit ? stored.Unit.ToEnum<Unit>() : null,
        stored.Regions,
        stored.RegionsFile?.FromStored(),
        YearRule.Parse(stored.Year) ?? throw new InvalidDataException($"'{stored.Year}' is no rule for years"),
        stored.HasAsOf ? stored.AsOf.ToDate() : null,
        stored.Duplicates.ToEnum<DuplicateRule>(),
        stored.Top,
        stored.ThresholdBillions.ToDecimal());
}
