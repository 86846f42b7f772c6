package id.saksi.witness

import android.content.Context
import android.os.Build
import androidx.work.BackoffPolicy
import androidx.work.Constraints
import androidx.work.Data
import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.ExistingWorkPolicy
import androidx.work.NetworkType
import androidx.work.OneTimeWorkRequest
import androidx.work.OutOfQuotaPolicy
import androidx.work.PeriodicWorkRequest
import androidx.work.WorkManager
import androidx.work.Worker
import androidx.work.WorkerParameters
import java.util.concurrent.TimeUnit

/**
 * Delivers what has no receipt yet, without a window, whenever there is a connection.
 *
 * The work is Rust's (`src-tauri/src/job.rs`); Android only says when. Two requests are enough: one
 * for now, which comes back with growing pauses, and one that comes back every quarter of an hour
 * however long those pauses have become. The second ends itself when nothing is left.
 */
class DeliveryWorker(context: Context, parameters: WorkerParameters) : Worker(context, parameters) {
  override fun doWork(): Result {
    val folder = inputData.getString(FOLDER) ?: return Result.failure()
    if (deliver(folder)) return Result.retry()
    WorkManager.getInstance(applicationContext).cancelUniqueWork(AGAIN)
    return Result.success()
  }

  /** The connection is gone, or Android's patience is over: what arrived stays arrived. */
  override fun onStopped() = stop()

  /** Whether anything is left to be delivered from the data in this folder. */
  private external fun deliver(folder: String): Boolean

  private external fun stop()

  companion object {
    private const val FOLDER = "folder"
    private const val NOW = "deliver-now"
    private const val AGAIN = "deliver-again"
    private const val BACK_OFF_SECONDS = 30L
    /** The least that Android allows. */
    private const val AGAIN_MINUTES = 15L

    init {
      System.loadLibrary("saksi_app")
    }

    fun enqueue(context: Context, folder: String) {
      val connected = Constraints.Builder().setRequiredNetworkType(NetworkType.CONNECTED).build()
      val where = Data.Builder().putString(FOLDER, folder).build()
      val now = OneTimeWorkRequest.Builder(DeliveryWorker::class.java)
        .setConstraints(connected)
        .setInputData(where)
        .setBackoffCriteria(BackoffPolicy.EXPONENTIAL, BACK_OFF_SECONDS, TimeUnit.SECONDS)
      // Before Android 12 expedited work must show a notification, for which nobody was asked.
      if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
        now.setExpedited(OutOfQuotaPolicy.RUN_AS_NON_EXPEDITED_WORK_REQUEST)
      }
      val again = PeriodicWorkRequest.Builder(
        DeliveryWorker::class.java, AGAIN_MINUTES, TimeUnit.MINUTES
      ).setConstraints(connected).setInputData(where)
      val manager = WorkManager.getInstance(context)
      // Replacing begins the pauses anew: something was saved, or the witness just left the app.
      manager.enqueueUniqueWork(NOW, ExistingWorkPolicy.REPLACE, now.build())
      manager.enqueueUniquePeriodicWork(AGAIN, ExistingPeriodicWorkPolicy.KEEP, again.build())
    }
  }
}
