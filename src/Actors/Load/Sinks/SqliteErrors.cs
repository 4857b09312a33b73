using Microsoft.Data.Sqlite;

namespace Etl.Actors.Load.Sinks;

/// <summary>Puts the database library's failures into words.</summary>
internal static class SqliteErrors
{
    private const int Permission = 3, Busy = 5, Locked = 6, ReadOnly = 8, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    /// <summary>The failure of a load into <paramref name="path"/>.</summary>
    public static SinkException Of(string path, SqliteException failure) => failure.SqliteErrorCode switch
    {
        Busy or Locked => SinkException.Disk(
            $"'{path}' is being read or written by another program. Let its query finish or close it, then run again; the database is unchanged.",
            true, failure),
        Permission or ReadOnly => SinkException.Disk(
            $"'{path}' cannot be written: permission is denied or the file is read-only. Correct the permissions, or choose another directory with --out.",
            false, failure),
        CannotOpen => SinkException.Disk(
            $"'{path}' cannot be opened: its directory is missing or not writable, or a directory of that name is in the way. Correct that, or choose another directory with --out.",
            false, failure),
        Full => SinkException.Disk(
            $"'{path}' cannot be written: the disk or the quota is full. Free some space and run again; the database is unchanged.", true, failure),
        NotADatabase => SinkException.Refused(
            $"'{path}' is not an SQLite database, and it is not overwritten. Move the file away, or choose another directory with --out.", failure),
        Corrupt => SinkException.Refused(
            $"'{path}' is a damaged SQLite database, and it is not overwritten. Move the file away (its table of runs may still be readable), or choose another directory with --out.",
            failure),
        _ => SinkException.Disk(
            $"'{path}' cannot be written: {failure.Message.TrimEnd('.')}. Check the file, or choose another directory with --out.", false, failure),
    };
}
